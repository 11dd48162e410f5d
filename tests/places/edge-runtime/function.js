import { runJourney } from "./app.mjs";

addEventListener("fetch", (event) => {
  const api = new URL(event.request.url).searchParams.get("api");
  event.respondWith(runJourney(api).then((facts) => Response.json(facts)));
});
