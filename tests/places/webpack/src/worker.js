import { runJourney } from "./app.mjs";

runJourney(location.origin).then((facts) => postMessage(facts));
