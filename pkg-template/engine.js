// The engine of one entry: its module, compiled on first use, and the functions that call into it.
import { createGlue } from "#glue";
import { compile, compileAhead } from "#module";
import { Engine, retraced } from "./instance.js";

/** @typedef {import("#glue").Glue} Glue */

/** @type {Engine | undefined} */
let engine;

// Created on first use: importing an entry runs nothing, and a bundler can drop what is unused.
const running = () => (engine ??= new Engine({ createGlue, compile, compileAhead }));

/**
 * Computes a function synchronously.
 * @param {Parameters<Glue["compute"]>[0]} name
 * @param {[first?: unknown, second?: unknown, third?: unknown, fourth?: unknown, fifth?: unknown]} args
 * @returns {any}
 */
export function compute(name, ...args) {
  try {
    return running().compute(name, args);
  } catch (error) {
    throw retraced(error, compute);
  }
}

/**
 * Starts an operation. The promise always settles, even if the module traps.
 * @param {Parameters<Glue["start"]>[0]} operation
 * @param {unknown} options
 * @param {unknown} subject
 * @param {unknown} callOptions
 * @param {unknown} [own] a signal and an onUpdate in addition to those of the caller
 * @returns {Promise<any>}
 */
export async function start(operation, options, subject, callOptions, own) {
  try {
    return await running().start(operation, options, subject, callOptions, own);
  } catch (error) {
    throw retraced(error, start);
  }
}

/** @returns {Promise<void>} */
export const ready = () => running().ready();
