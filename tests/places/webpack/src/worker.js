import { travel } from "./app.mjs";

travel(location.origin).then((facts) => postMessage(facts));
