// Hono on Node
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { proxy } from "./proxy.js";

const app = new Hono();
app.all("/evolink/*", (context) => proxy(context.req.raw));
serve({ fetch: app.fetch, port: Number(process.env.PORT) });
