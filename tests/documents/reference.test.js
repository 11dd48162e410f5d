// Each exported name of the types has what a reader needs, in the JSON of TypeDoc.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { referenceJson, writeReference } from "../../tools/docs.js";

/** @typedef {{ kind: string, text: string }} Part */
/** @typedef {{ summary: Part[], blockTags?: { tag: string, content: Part[] }[] }} Comment */
/**
 * A node of TypeDoc: a declaration, a signature or a type.
 * @typedef {{
 *   name: string, variant: string, kind: number, type: any, comment?: Comment,
 *   flags: { isOptional?: boolean, isInherited?: boolean },
 *   children?: Node[], signatures?: Node[], parameters?: Node[], inheritedFrom?: unknown,
 * }} Node
 */
/**
 * `owner` is the exported name that it is of.
 * @typedef {{
 *   path: string, node: Node, owner: string, parent: Node | undefined,
 *   text: string, tags: string[], throws: Part[][],
 * }} Declaration
 */

const kinds = { module: 2, function: 64, class: 128, interface: 256, constructor: 512, method: 2048 };

/** Interfaces of hosts, which document the members. So is what the methods of a `VideoModel` take: that of the AI SDK. */
const ofHosts = /(Like|^Node(Request|Response)|^Durable(Storage|Transaction)|^WorkflowConfig)$/;

/** Interfaces that the user, a host or the AI SDK implements or calls: they need no example. */
const notCalled =
  /^(Store|AtomicStore|Reservation|FileDestination|StoredFileInfo|Steps|HandlerContext|Fetch(Init|Response)|DurableStore|VideoModel|StandardSchemaV1|\w+Options)$/;

/** The library's own tags, besides which TypeDoc would read `@Image1` as one. */
const knownTags = ["@example", "@throws", "@param", "@returns"];

const unit =
  /\b(milliseconds?|seconds?|hours|bytes|MB|pixels|characters|tokens|credits|degrees|offset|Frames per second|Samples per second|Width divided by height|Width times height|HTTP status|index|count|from 1|from 0|\d+ to [\d,]+|or more|at most [\d,]+|greater than \d|(Least|Largest) number|Number of|Successful reads|Failed reads)\b/i;

/**
 * A declaration, those in it and those in its type.
 * @param {Node} node
 * @param {string} path
 * @param {Node} [parent]
 * @param {string} [owner]
 * @returns {Declaration[]}
 */
function collect(node, path, parent, owner = node.name) {
  if (node.variant !== "declaration" || node.flags.isInherited || node.inheritedFrom) return [];
  const own = `${path}.${node.name}`;
  const signatures = node.signatures ?? [];
  const comments = [node.comment, ...signatures.map(({ comment }) => comment)];
  const blocks = comments.flatMap((comment) => comment?.blockTags ?? []);
  const text = comments.map((comment) => textOf(comment?.summary)).join("\n");
  const types = [node.type, ...signatures.flatMap(typesOf)];
  const inner = [...(node.children ?? []), ...types.flatMap(literalsOf)];
  if (ofHosts.test(node.name) || parent?.name === "VideoModel") inner.length = 0;
  return [
    {
      ...{ path: own, node, owner, parent, text: text.trim(), tags: blocks.map(({ tag }) => tag) },
      throws: blocks.filter(({ tag }) => tag === "@throws").map(({ content }) => content),
    },
    ...inner.flatMap((child) => collect(child, own, node, owner)),
  ];
}

/** @param {Part[] | undefined} parts */
const textOf = (parts) => (parts ?? []).map(({ text }) => text).join("");

/** What a function takes and returns. @param {Node} signature */
const typesOf = ({ type, parameters = [] }) => [type, ...parameters.map((parameter) => parameter.type)];

/** The properties of the object types in a type. @param {any} type @returns {Node[]} */
function literalsOf(type) {
  if (!type) return [];
  if (type.type === "reflection") {
    const { children = [], signatures = [] } = type.declaration;
    return [...children, ...signatures.flatMap(typesOf).flatMap(literalsOf)];
  }
  const parts = [...(type.types ?? []), type.elementType, ...(type.typeArguments ?? [])];
  return parts.flatMap(literalsOf);
}

/** @param {any} type @returns {boolean} */
const hasNumber = (type) =>
  type?.name === "number" || [...(type?.types ?? []), ...(type?.typeArguments ?? [])].some(hasNumber);

/** Selects a type by its value: `status: "completed"`. @param {Node} node */
const isDiscriminant = ({ type }) => type?.type === "literal";

/** Its name is a value of the API, such as `"720p"` or `"16:9"`. @param {Node} node */
const isMapped = ({ name }) => /^\d/.test(name);

/** @param {Declaration} declaration */
const isCallable = ({ node }) => [kinds.function, kinds.method].includes(node.kind);

writeReference();
const project = /** @type {Node} */ (JSON.parse(readFileSync(referenceJson, "utf8")));
/** @type {Declaration[]} */
const declarations = (project.children ?? [])
  .filter(({ kind }) => kind === kinds.module)
  .flatMap((module) => (module.children ?? []).flatMap((node) => collect(node, module.name, undefined)));

/** @param {string} what @param {(declaration: Declaration) => unknown} isWrong */
const check = (what, isWrong) =>
  test(what, () =>
    assert.deepEqual(
      declarations.filter(isWrong).map(({ path }) => path),
      [],
    ),
  );

test("the JSON has the declarations", () => assert.ok(declarations.length > 500, `${declarations.length}`));

check("has a description", ({ node, text }) => !text && !isDiscriminant(node) && !isMapped(node));

check("has an example, if it is a class or is called by users", (declaration) => {
  const { node, owner, parent, tags } = declaration;
  if (tags.includes("@example") || node.kind === kinds.constructor) return false;
  if (node.kind === kinds.class) return true;
  // Functions in an object that a function takes or returns are shown by the example of that.
  const isMember = [kinds.class, kinds.interface].includes(parent?.kind ?? kinds.interface);
  return isCallable(declaration) && isMember && !(parent && notCalled.test(owner));
});

check("says what it throws or rejects with, if it is a function", (declaration) => {
  const { owner, parent, text, tags } = declaration;
  if (!isCallable(declaration) || (parent && notCalled.test(owner))) return false;
  return !tags.includes("@throws") && !/\bnever\s+(throws|rejects)\b/i.test(text);
});

check("names the class of what it throws", ({ throws }) =>
  throws.some(([first]) => first?.kind !== "code" && !first?.text.startsWith("The error of ")),
);

check("has a unit or a range, if it is a number", ({ node, text }) => {
  return hasNumber(node.type) && !unit.test(text);
});

check("has a default, if it is an option", ({ node, parent, text }) => {
  const isOption = parent && /(Options|Query|ProxyAllow|FaultMatch|FaultAction|FaultRule)$/.test(parent.name);
  return isOption && node.flags.isOptional && !/\bDefault\b|\brequired\b/i.test(text);
});

check("has no tag by mistake", ({ tags }) => tags.some((tag) => !knownTags.includes(tag)));
