import { runInNewContext } from "node:vm";
import * as library from "evolink-video";
import { undergo } from "./ordeals.mjs";

/** @param {object} answer */
const foreign = (answer) =>
  runInNewContext("({ status: 200, headers: new Map(), text: () => Promise.resolve(text) })", {
    text: JSON.stringify(answer),
  });

console.log(JSON.stringify(await undergo(library, JSON.parse(String(process.env.URLS)), foreign)));
process.exit();
