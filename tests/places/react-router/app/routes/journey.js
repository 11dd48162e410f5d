import { runJourney } from "../../app.mjs";

export const loader = async () => Response.json(await runJourney(process.env.BASE_URL));
