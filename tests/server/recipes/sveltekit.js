// SvelteKit: src/routes/evolink/[...path]/+server.js
import { proxy } from "./proxy.js";

/** @param {{ request: Request }} event */
const handler = ({ request }) => proxy(request);
export { handler as GET, handler as POST, handler as OPTIONS };
