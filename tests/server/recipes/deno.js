// Deno
import process from "node:process";
import { proxy } from "./proxy.js";

// @ts-ignore: of Deno
Deno.serve({ port: Number(process.env.PORT) }, (/** @type {Request} */ request) => proxy(request));
