import { travel } from "./app.mjs";

export default {
  async fetch(_request, env) {
    return Response.json(await travel(env.BASE_URL));
  },
};
