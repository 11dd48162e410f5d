import * as library from "/node_modules/evolink-video/index.js";
import * as rules from "/node_modules/evolink-video/rules.js";
import { journey } from "/journey.mjs";

const facts = JSON.stringify(await journey(library, rules, location.origin));
console.log(facts);
// WebDriver can read the page, but not the console.
document.body.append(facts);
