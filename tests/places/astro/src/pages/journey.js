import { runJourney } from "../../app.mjs";

export const GET = async () => Response.json(await runJourney(process.env.BASE_URL));
