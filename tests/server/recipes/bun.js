// Bun
import { proxy } from "./proxy.js";

// @ts-ignore: of Bun
Bun.serve({ port: Number(process.env.PORT), fetch: (/** @type {Request} */ request) => proxy(request) });
