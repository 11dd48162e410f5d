// The proxy is the same on every host. `userOf(request)` is your session: it returns `{ user }` or null.
import { VideoClient } from "evolink-video";
import { createProxy } from "evolink-video/server";
import { userOf } from "./session.js";

/** @type {import("evolink-video/server").Handler | undefined} */
let handler;

/** @type {import("evolink-video/server").Handler} */
export const proxy = (request, context) => {
  // Created by the first request, because Next.js and SvelteKit also load this file during the build, without secrets.
  const { EVOLINK_API_KEY, EVOLINK_BASE_URL, EVOLINK_SECRET = "" } = process.env;
  handler ??= createProxy({
    client: new VideoClient({ apiKey: EVOLINK_API_KEY, baseUrl: EVOLINK_BASE_URL }),
    secret: EVOLINK_SECRET,
    authorize: userOf,
    allow: { models: ["seedance-2.0"], qualities: ["480p", "720p"], maxDuration: 10, uploads: true },
  });
  return handler(request, context);
};
