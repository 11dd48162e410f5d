// Vercel Functions: api/evolink.js, with a rewrite of /evolink/(.*) to it in vercel.json
import { proxy } from "./proxy.js";

export default { fetch: proxy };
