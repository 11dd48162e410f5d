import * as library from "/node_modules/evolink-video/index.js";
import * as rules from "/node_modules/evolink-video/rules.js";
import { journey } from "/journey.mjs";

// Takes control of the page that registered it.
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  if (new URL(event.request.url).pathname !== "/facts") return;
  event.respondWith(journey(library, rules, location.origin).then((facts) => Response.json(facts)));
});
