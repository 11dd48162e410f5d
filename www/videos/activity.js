// What the client is doing, in words, from its events.

import { seconds } from "../format.js";

/** @typedef {import("./job.js").TimedEvent} TimedEvent */

/**
 * @param {readonly TimedEvent[]} events
 * @param {number} now
 * @param {{ online: boolean, visible: boolean }} host
 */
export function activity(events, now, { online, visible }) {
  if (!online) return "Offline. Continues when the network is back.";
  const last = events.at(-1);
  if (!last) return "Preparing the request";
  const rest = "delayMs" in last ? last.at + last.delayMs - now : 0;
  switch (last.type) {
    case "request":
      return `${last.method === "POST" ? "Sending the order" : "Reading the task"}${attemptOf(last.attempt)}`;
    case "retry":
      return `Backing off: attempt ${last.attempt + 1}${inSeconds(rest)}`;
    case "poll":
      return rest < -1000 && !visible ? "Asleep in the background" : `Waiting: next read${inSeconds(rest)}`;
    case "failure":
      return `No answer (${last.code})`;
    default:
      return `Answer ${last.status}`;
  }
}

/** @param {number} attempt */
const attemptOf = (attempt) => (attempt > 1 ? `, attempt ${attempt}` : "");

/** @param {number} ms */
const inSeconds = (ms) => (ms > 0 ? ` in ${seconds(ms)}` : " now");
