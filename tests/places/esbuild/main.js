// Runs in Node and in pages.
import { runJourney } from "./app.mjs";

const baseUrl = globalThis.process?.env.BASE_URL ?? location.origin;

runJourney(baseUrl).then((facts) => console.log(JSON.stringify(facts)));
