import * as library from "/node_modules/evolink-video/index.js";
import { journey } from "/journey.mjs";

const facts = JSON.stringify(await journey(library, location.origin));
console.log(facts);
// A driver of WebDriver sees the page, but not the console.
document.body.append(facts);
