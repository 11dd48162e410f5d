import { runJourney } from "./app.mjs";

console.log(JSON.stringify(await runJourney(process.env.BASE_URL)));
