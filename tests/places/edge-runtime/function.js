import { travel } from "./app.mjs";

addEventListener("fetch", (event) => {
  const api = new URL(event.request.url).searchParams.get("api");
  event.respondWith(travel(api).then((facts) => Response.json(facts)));
});
