import * as library from "./node_modules/evolink-video/index.js";
import * as rules from "./node_modules/evolink-video/rules.js";
import { journey } from "./journey.mjs";

chrome.runtime.onMessage.addListener((api, _sender, respond) => {
  journey(library, rules, api).then(respond);
  // The response comes later.
  return true;
});
