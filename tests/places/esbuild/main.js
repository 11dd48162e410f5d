// For Node and for pages.
import { travel } from "./app.mjs";

const baseUrl = globalThis.process?.env.BASE_URL ?? location.origin;

travel(baseUrl).then((facts) => console.log(JSON.stringify(facts)));
