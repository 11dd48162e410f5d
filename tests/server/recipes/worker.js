// Cloudflare Worker, with the compatibility flag nodejs_compat for `process.env`
import { proxy } from "./proxy.js";

export default {
  /** @param {Request} request @param {unknown} _env @param {import("evolink-video/server").HandlerContext} context */
  fetch: (request, _env, context) => proxy(request, context),
};
