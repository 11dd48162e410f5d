import { runJourney } from "./app.mjs";

// The API has the origin of the page, unless the query names another.
const api = new URLSearchParams(location.search).get("api") ?? location.origin;
runJourney(api).then((facts) => console.log(JSON.stringify(facts)));
