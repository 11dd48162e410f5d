import { runJourney } from "./app.mjs";

console.log(JSON.stringify(await runJourney(Bun.env.BASE_URL)));
