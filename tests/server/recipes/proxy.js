// The proxy, the same on every host. `userOf(request)` is your session: it returns `{ user }` or null.
import { VideoClient } from "evolink-video";
import { createProxy } from "evolink-video/server";
import { userOf } from "./session.js";

const { EVOLINK_API_KEY, EVOLINK_BASE_URL, EVOLINK_SECRET = "" } = process.env;

export const proxy = createProxy({
  client: new VideoClient({ apiKey: EVOLINK_API_KEY, baseUrl: EVOLINK_BASE_URL }),
  secret: EVOLINK_SECRET,
  authorize: userOf,
  allow: { models: ["seedance-2.0"], qualities: ["480p", "720p"], maxDuration: 10, uploads: true },
});
