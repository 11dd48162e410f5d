// Next.js: app/evolink/[...path]/route.js
import { proxy } from "./proxy.js";

export { proxy as GET, proxy as POST, proxy as OPTIONS };
