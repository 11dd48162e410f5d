// Ours: `VideoClient`, `validate`, `parseTags`, as the table of sizes counts them. By its name, as each host resolves it.
import { parseTags, validate, VideoClient } from "evolink-video";
import { typical } from "../requests.js";

export { parseTags, validate, VideoClient };
export const first = () => validate(typical).valid;
