import { runJourney } from "../app.mjs";

export const handler = async ({ api }) => ({
  statusCode: 200,
  body: JSON.stringify(await runJourney(api)),
});
