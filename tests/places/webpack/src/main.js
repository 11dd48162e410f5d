import { runJourney } from "./app.mjs";

runJourney(location.origin).then((facts) => console.log(JSON.stringify(facts)));
