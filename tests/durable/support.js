// The installed package with the emulator, on a clock that tests move.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { importPackage, installPackage } from "../support/packed.js";

/** @typedef {import("../../pkg-template/testing.js").EmulatorOptions} EmulatorOptions */

const folder = await installPackage();
const load = (/** @type {string} */ name) =>
  import(pathToFileURL(join(folder, `node_modules/evolink-video/${name}.js`)).href);

export const library = await importPackage(folder);
/** @type {typeof import("../../pkg-template/durable.js")} */
export const durable = await load("durable");
/** @type {typeof import("../../pkg-template/cloudflare.js")} */
export const cloudflare = await load("cloudflare");

export const order = { model: "seedance-2.0", prompt: "A paper boat on a river" };

/** A clock in place of `Date.now`. It moves only when it is set. */
export const clock = { now: Date.parse("2026-11-28T12:00:00Z") };
// Not a mock of `node:test`, which records each call.
Date.now = () => clock.now;

/**
 * @param {EmulatorOptions} [emulated]
 * @param {Partial<import("../../pkg-template/index.js").ClientOptions>} [options]
 */
export function setUp(emulated, options) {
  const emulator = library.createEmulator({ now: () => clock.now, ...emulated });
  const client = new library.VideoClient({
    apiKey: "sk-test",
    fetch: /** @type {any} */ (emulator.fetch),
    // No timer follows the clock of the tests.
    maxRetries: 0,
    ...options,
  });
  return { emulator, client };
}
