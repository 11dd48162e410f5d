import * as library from "evolink-video";
import { journey } from "./journey.mjs";

console.log(JSON.stringify(await journey(library, String(process.env.BASE_URL))));
