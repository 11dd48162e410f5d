import { travel } from "./app.mjs";

// The API is where the page comes from, or where its address says.
const api = new URLSearchParams(location.search).get("api") ?? location.origin;
travel(api).then((facts) => console.log(JSON.stringify(facts)));
