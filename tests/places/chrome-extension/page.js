import * as library from "./node_modules/evolink-video/index.js";
import * as rules from "./node_modules/evolink-video/rules.js";
import { journey } from "./journey.mjs";

const query = new URLSearchParams(location.search);
const api = query.get("api");
const facts = query.has("worker")
  ? await chrome.runtime.sendMessage(api)
  : await journey(library, rules, api);
console.log(JSON.stringify(facts));
