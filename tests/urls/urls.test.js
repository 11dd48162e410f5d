// Compares the rules for URLs with Node's `URL`: both must see the same host.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { validate } from "../../pkg/index.js";
import { reachability } from "./reachability.js";

/**
 * @type {{
 *   urls: Record<string, string[]>,
 *   rejectedThoughReachable: Record<string, string[]>,
 *   acceptedThoughMalformed: Record<string, string[]>,
 * }}
 */
const lists = JSON.parse(readFileSync(new URL("urls.json", import.meta.url), "utf8"));
const urls = Object.values(lists.urls).flat();
const rejectedThoughReachable = Object.values(lists.rejectedThoughReachable).flat();
const acceptedThoughMalformed = Object.values(lists.acceptedThoughMalformed).flat();

/**
 * The package's result for a URL. Issues about the file format are ignored.
 * @param {string} address
 */
function verdict(address) {
  const result = validate({ model: "seedance-2.0", prompt: "x", image_urls: [address] });
  if (result.valid) return "accepted";
  const code = result.errors.map((issue) => issue.code).find((code) => code.endsWith("_url"));
  return code === "insecure_url" ? "accepted" : (code ?? "accepted");
}

/**
 * Not with `URL.canParse`: after many calls, that of Node 20 rejects `https://7.³`.
 * @param {string} address
 */
function parseUrl(address) {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/**
 * Classifies a URL with Node's `URL`.
 * @param {string} address
 */
function classify(address) {
  const url = parseUrl(address);
  if (!url) return { where: "invalid", why: "is not a URL" };
  const { protocol, username, password, hostname } = url;
  if (protocol !== "https:" && protocol !== "http:") return { where: "invalid", why: `is ${protocol}` };
  if (username || password) return { where: "invalid", why: "has credentials" };
  return { where: reachability(hostname), why: `is on ${hostname}` };
}

/**
 * Describes a difference between the package and Node.
 * @param {string} address
 */
function disagreement(address) {
  const result = verdict(address);
  const { where, why } = classify(address);
  const differs = result === "accepted" ? ["invalid", "unreachable"].includes(where) : where === "public";
  return differs
    ? `${result}, but for Node ${JSON.stringify(address).slice(0, 100)} ${why.slice(0, 100)}`
    : undefined;
}

test("Node and the package agree on unusual URLs, except for the listed ones", () => {
  const listed = new Set([...rejectedThoughReachable, ...acceptedThoughMalformed]);
  const disagreements = urls.filter((address) => !listed.has(address)).map(disagreement);
  assert.deepEqual(disagreements.filter(Boolean), []);
});

test("the list has at least 500 distinct URLs, and 50 of each result", () => {
  assert.ok(urls.length >= 500, `${urls.length} URLs`);
  assert.equal(new Set(urls).size, urls.length);
  for (const word of ["accepted", "invalid_url", "unreachable_url"]) {
    const count = urls.filter((address) => verdict(address) === word).length;
    assert.ok(count >= 50, `${count} are ${word}`);
  }
});

test("URLs that only the package rejects are `invalid_url`", () => {
  for (const address of rejectedThoughReachable) {
    assert.ok(urls.includes(address), address);
    assert.equal(classify(address).where, "public", address);
    assert.equal(verdict(address), "invalid_url", address);
  }
});

test("URLs that only Node rejects have a name, not an address", () => {
  for (const address of acceptedThoughMalformed) {
    assert.ok(urls.includes(address), address);
    // The Arabic digit `١` is not a digit in IPv4 addresses.
    assert.match(address, /^https:\/\/[^/]*[^\d]\.(com|١)\/$/u);
  }
});

/** The parts of random URLs. */
const parts = {
  scheme: ["https://", "https://", "https://", "http://", "HTTPS://"],
  user: [...new Array(20).fill(""), "me@", "a:b@", "127.0.0.1@"],
  piece: [
    ...[
      "0",
      "1",
      "7",
      "8",
      "9",
      "10",
      "100",
      "127",
      "169",
      "172",
      "192",
      "198",
      "203",
      "224",
      "254",
      "255",
      "256",
    ],
    ...[
      "00",
      "07",
      "010",
      "0177",
      "0300",
      "0250",
      "0x",
      "0x7f",
      "0X0A",
      "0xa9fe",
      "0xffffff",
      "2130706433",
      "65535",
    ],
    ...[
      "1１",
      "②",
      "³",
      "𝟠",
      "%31",
      "%2e",
      "a",
      "com",
      "local",
      "localhost",
      "home",
      "arpa",
      "internal",
      "example",
    ],
  ],
  dot: [...new Array(20).fill("."), "。", "．", "｡", "%2E", "", ".."],
  group: [
    "0",
    "1",
    "64",
    "ff9b",
    "ffff",
    "FFFF",
    "2001",
    "2002",
    "db8",
    "3fff",
    "7f00",
    "a00",
    "fe80",
    "fc00",
    "808",
  ],
  colon: [":", ":", ":", "::"],
  end: [
    "",
    "/",
    "/a.jpg",
    ":80/",
    ":443",
    ":65535/",
    ":65536/",
    ":/",
    "?@127.0.0.1",
    "#@localhost",
    "/@10.0.0.1",
  ],
};

/**
 * Reproducible random numbers: the linear congruential generator of "Numerical Recipes".
 * @param {number} seed
 */
function randomBelow(seed) {
  return (/** @type {number} */ below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}

test("Node and the package agree on random URLs", () => {
  const roll = randomBelow(20_260_101);
  const one = (/** @type {keyof typeof parts} */ kind) => parts[kind][roll(parts[kind].length)];
  const several = (/** @type {keyof typeof parts} */ kind, /** @type {keyof typeof parts} */ glue) =>
    Array.from({ length: roll(5) }, () => one(kind) + one(glue)).join("") + one(kind);
  const found = new Map();
  for (let count = 0; count < 20_000; count++) {
    const v4 = () => several("piece", "dot");
    const v6 = () => `[${roll(2) ? "::" : ""}${several("group", "colon")}${roll(4) ? "" : `:${v4()}`}]`;
    const address = one("scheme") + one("user") + (roll(3) ? v4() : v6()) + one("end");
    const problem = disagreement(address);
    if (problem) found.set(address.length, problem);
  }
  // Report the shortest.
  const shortest = [...found].sort(([one], [other]) => one - other).slice(0, 5);
  assert.deepEqual(shortest, []);
});
