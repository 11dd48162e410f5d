// Express
import express from "express";
import { toNodeHandler } from "evolink-video/server";
import { proxy } from "./proxy.js";

const app = express();
app.use("/evolink", toNodeHandler(proxy));
app.listen(Number(process.env.PORT));
