import * as library from "/node_modules/evolink-video/index.js";
import * as rules from "/node_modules/evolink-video/rules.js";
import { journey } from "/journey.mjs";

console.log(JSON.stringify(await journey(library, rules, location.origin)));
