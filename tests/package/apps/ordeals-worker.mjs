import * as library from "evolink-video";
import { undergo } from "./ordeals.mjs";

/** There is one realm only; a mock of a test is as foreign. @param {object} answer */
const foreign = (answer) => ({ status: 200, headers: new Map(), text: async () => JSON.stringify(answer) });

export default {
  /**
   * @param {Request} _request
   * @param {{ URLS: string }} env
   */
  async fetch(_request, env) {
    return Response.json(await undergo(library, JSON.parse(env.URLS), foreign));
  },
};
