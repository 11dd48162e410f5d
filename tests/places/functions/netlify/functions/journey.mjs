import { runJourney } from "../../app.mjs";

export default async () => Response.json(await runJourney(process.env.BASE_URL));
