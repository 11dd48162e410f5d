import { readFile } from "node:fs/promises";
import * as library from "evolink-video/core";
import * as rules from "evolink-video/rules";
import { journey } from "./journey.mjs";

await library.load(await readFile(new URL(import.meta.resolve("evolink-video/client.wasm"))));
console.log(JSON.stringify(await journey(library, rules, process.env.BASE_URL)));
