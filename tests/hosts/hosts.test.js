// The rules for addresses beside Node's own `URL`: what one takes for a host the other must not see elsewhere.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { validate } from "../../pkg/index.js";
import { whereabouts } from "./whereabouts.js";

/**
 * @type {{
 *   addresses: Record<string, string[]>,
 *   refusedThoughReachable: Record<string, string[]>,
 *   acceptedThoughMalformed: Record<string, string[]>,
 * }}
 */
const lists = JSON.parse(readFileSync(new URL("addresses.json", import.meta.url), "utf8"));
const addresses = Object.values(lists.addresses).flat();
const refusedThoughReachable = Object.values(lists.refusedThoughReachable).flat();
const acceptedThoughMalformed = Object.values(lists.acceptedThoughMalformed).flat();

/**
 * What the package says of an address; what it says of the file's format does not matter here.
 * @param {string} address
 */
function verdict(address) {
  const result = validate({ model: "seedance-2.0", prompt: "x", image_urls: [address] });
  if (result.valid) return "accepted";
  const code = result.errors.map((issue) => issue.code).find((code) => code.endsWith("_url"));
  return code === "insecure_url" ? "accepted" : (code ?? "accepted");
}

/**
 * Not by `URL.canParse`: called often enough, that of Node 20 begins to deny `https://7.³`.
 * @param {string} address
 */
function parsed(address) {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/**
 * What Node's `URL` makes of an address.
 * @param {string} address
 */
function read(address) {
  const url = parsed(address);
  if (!url) return { where: "nowhere", why: "is no URL" };
  const { protocol, username, password, hostname } = url;
  if (protocol !== "https:" && protocol !== "http:") return { where: "nowhere", why: `is ${protocol}` };
  if (username || password) return { where: "nowhere", why: "holds credentials" };
  return { where: whereabouts(hostname), why: `is on ${hostname}` };
}

/**
 * What is wrong with the package's word on an address, if anything.
 * @param {string} address
 */
function dispute(address) {
  const word = verdict(address);
  const { where, why } = read(address);
  const wrong = word === "accepted" ? ["nowhere", "elsewhere"].includes(where) : where === "public";
  return wrong
    ? `${word}, but to Node ${JSON.stringify(address).slice(0, 100)} ${why.slice(0, 100)}`
    : undefined;
}

test("Node and the package agree on odd addresses, but for those that are listed", () => {
  const listed = new Set([...refusedThoughReachable, ...acceptedThoughMalformed]);
  const disputes = addresses.filter((address) => !listed.has(address)).map(dispute);
  assert.deepEqual(disputes.filter(Boolean), []);
});

test("the list is long, without repetition, and holds addresses of every kind", () => {
  assert.ok(addresses.length >= 500, `${addresses.length} addresses`);
  assert.equal(new Set(addresses).size, addresses.length);
  for (const word of ["accepted", "invalid_url", "unreachable_url"]) {
    const count = addresses.filter((address) => verdict(address) === word).length;
    assert.ok(count >= 50, `${count} are ${word}`);
  }
});

test("what the package refuses although Node could reach it is refused as malformed", () => {
  for (const address of refusedThoughReachable) {
    assert.ok(addresses.includes(address), address);
    assert.equal(read(address).where, "public", address);
    assert.equal(verdict(address), "invalid_url", address);
  }
});

test("what the package accepts although Node refuses it is a name, never an address", () => {
  for (const address of acceptedThoughMalformed) {
    assert.ok(addresses.includes(address), address);
    // `١` is an Arabic digit, which to a reader of addresses is a letter like any other.
    assert.match(address, /^https:\/\/[^/]*[^\d]\.(com|١)\/$/u);
  }
});

/** What addresses are put together from. */
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
 * The same numbers at every run: the linear congruence of "Numerical Recipes".
 * @param {number} seed
 */
function dice(seed) {
  return (/** @type {number} */ below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}

test("Node and the package agree on addresses put together at random", () => {
  const roll = dice(20_260_101);
  const one = (/** @type {keyof typeof parts} */ kind) => parts[kind][roll(parts[kind].length)];
  const several = (/** @type {keyof typeof parts} */ kind, /** @type {keyof typeof parts} */ glue) =>
    Array.from({ length: roll(5) }, () => one(kind) + one(glue)).join("") + one(kind);
  const found = new Map();
  for (let count = 0; count < 20_000; count++) {
    const v4 = () => several("piece", "dot");
    const v6 = () => `[${roll(2) ? "::" : ""}${several("group", "colon")}${roll(4) ? "" : `:${v4()}`}]`;
    const address = one("scheme") + one("user") + (roll(3) ? v4() : v6()) + one("end");
    const problem = dispute(address);
    if (problem) found.set(address.length, problem);
  }
  // The shortest few are enough to see what is wrong.
  const shortest = [...found].sort(([one], [other]) => one - other).slice(0, 5);
  assert.deepEqual(shortest, []);
});
