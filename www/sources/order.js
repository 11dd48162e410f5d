// Changes the order of files. The tags of the prompt are renumbered.

import { retag } from "../package.js";
import { capitalize } from "../format.js";
import { namesOf, tagOf } from "./kinds.js";

/** @typedef {import("../request/draft.js").Snapshot} Snapshot */
/** @typedef {import("./kinds.js").Kind} Kind */

/**
 * @param {Snapshot} snapshot
 * @param {Kind} kind
 * @param {number[]} order the old index of each file in the new order, from 0; files that it leaves out are removed
 * @param {string} done what to say
 * @returns {{ part: Partial<Snapshot>, notice: string }}
 */
function reordered(snapshot, kind, order, done) {
  const { prompt, removed, renumbered } = retag(snapshot.prompt, kind, {
    order: order.map((old) => old + 1),
  });
  const files = { ...snapshot.files, [kind]: order.map((old) => snapshot.files[kind][old]) };
  const notice = [
    done,
    ...removed.map((text) => `Removed “${text.trim()}” from the prompt.`),
    ...renumbered.map(
      ({ from, to }) => `In the prompt, ${tagOf(kind, from - 1)} is now ${tagOf(kind, to - 1)}.`,
    ),
  ].join(" ");
  return {
    part: { files, ...(prompt !== snapshot.prompt && { prompt, selection: [prompt.length, prompt.length] }) },
    notice,
  };
}

/** @param {Snapshot} snapshot @param {Kind} kind @param {number} index */
export const withoutFile = (snapshot, kind, index) =>
  reordered(
    snapshot,
    kind,
    [...snapshot.files[kind].keys()].filter((other) => other !== index),
    `Removed ${namesOf(kind).noun} ${index + 1}.`,
  );

/** @param {Snapshot} snapshot @param {Kind} kind @param {number} from @param {number} to */
export function withMovedFile(snapshot, kind, from, to) {
  const order = [...snapshot.files[kind].keys()];
  order.splice(to, 0, ...order.splice(from, 1));
  return reordered(
    snapshot,
    kind,
    order,
    `${capitalize(namesOf(kind).noun)} ${from + 1} is now ${namesOf(kind).noun} ${to + 1}.`,
  );
}
