import * as library from "evolink-video";
import { journey } from "./journey.mjs";

export default {
  /**
   * @param {Request} _request
   * @param {{ BASE_URL: string }} env
   */
  async fetch(_request, env) {
    return Response.json(await journey(library, env.BASE_URL));
  },
};
