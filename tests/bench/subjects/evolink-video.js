// This package, with the imports of the table of sizes. Imported by name, so that each host resolves its own entry.
import { parseTags, validate, VideoClient } from "evolink-video";
import { typical } from "../requests.js";

export { parseTags, validate, VideoClient };
export const first = () => validate(typical).valid;
