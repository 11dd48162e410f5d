import { runInNewContext } from "node:vm";
import * as library from "evolink-video";
import { collectFacts } from "./failures.mjs";

/** @param {object} body */
const foreign = (body) =>
  runInNewContext("({ status: 200, headers: new Map(), text: () => Promise.resolve(text) })", {
    text: JSON.stringify(body),
  });

console.log(JSON.stringify(await collectFacts(library, JSON.parse(String(process.env.URLS)), foreign)));
process.exit();
