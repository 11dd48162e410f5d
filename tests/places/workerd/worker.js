import { runJourney } from "./app.mjs";

export default {
  async fetch(_request, env) {
    return Response.json(await runJourney(env.BASE_URL));
  },
};
