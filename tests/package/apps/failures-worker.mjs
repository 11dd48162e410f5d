import * as library from "evolink-video";
import { collectFacts } from "./failures.mjs";

/** A worker has one realm. A mock object stands in for a foreign response. @param {object} body */
const foreign = (body) => ({ status: 200, headers: new Map(), text: async () => JSON.stringify(body) });

export default {
  /**
   * @param {Request} _request
   * @param {{ URLS: string }} env
   */
  async fetch(_request, env) {
    return Response.json(await collectFacts(library, JSON.parse(env.URLS), foreign));
  },
};
