import * as library from "/node_modules/evolink-video/index.js";
import { journey } from "/journey.mjs";

console.log(JSON.stringify(await journey(library, location.origin)));
