import { runJourney } from "../../app.mjs";

export default defineEventHandler(() => runJourney(process.env.BASE_URL));
