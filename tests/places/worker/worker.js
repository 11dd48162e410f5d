import * as library from "/node_modules/evolink-video/index.js";
import { journey } from "/journey.mjs";

postMessage(await journey(library, location.origin));
