import { runJourney } from "./app.mjs";

console.log(JSON.stringify(await runJourney(Deno.env.get("BASE_URL"))));
