// The running module: made at the first use, replaced after a trap.
import { createGlue } from "#glue";
import { compile, compileAhead } from "#module";
import { EvolinkError, createError } from "./errors.js";

/** @typedef {import("#glue").Glue} Glue */

/** @type {Instance | undefined} */
let current;

/**
 * Computes a function: it runs to its end before it returns.
 * @param {keyof Glue["Computation"]} name
 * @param {[first: unknown, second?: unknown, third?: unknown]} args
 * @returns {any}
 */
export function compute(name, ...args) {
  current ??= new Instance(compiled(compile));
  return current.compute(name, args);
}

/**
 * Starts an operation. The promise settles in every case, a trap included.
 * @param {keyof Glue["Operation"]} operation
 * @param {unknown} options
 * @param {unknown} subject
 * @param {unknown} callOptions
 * @param {unknown} [own] a signal and an onUpdate beside those of the caller
 * @returns {Promise<any>}
 */
export async function start(operation, options, subject, callOptions, own) {
  current ??= new Instance(compiled(compile));
  try {
    return await current.start(operation, options, subject, callOptions, own);
  } catch (error) {
    throw retraced(error, start);
  }
}

/** @returns {Promise<void>} */
export async function ready() {
  if (current) return;
  const module = await compiledAhead();
  current ??= new Instance(module);
}

class Instance {
  /** What rejects each promise that is not settled yet. @type {Set<(reason: unknown) => void>} */
  #pending = new Set();
  /** @type {Glue} */
  #glue;
  /** @type {Error | undefined} */
  #trap;
  /** How many calls into the module, and of this class, are on the stack. */
  #depth = 0;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const glue = createGlue();
    glue.connect(module, (exports) => this.#guarded(exports));
    glue.installErrors(createError);
    this.#glue = glue;
  }

  /**
   * @param {keyof Glue["Computation"]} name
   * @param {[first: unknown, second?: unknown, third?: unknown]} args
   */
  compute(name, args) {
    return this.#call(() => this.#glue.compute(this.#glue.Computation[name], ...args));
  }

  /**
   * @param {keyof Glue["Operation"]} operation
   * @param {[options: unknown, subject: unknown, call: unknown, own: unknown]} args
   * @returns {Promise<any>}
   */
  start(operation, ...args) {
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      this.#call(() => this.#glue.start(this.#glue.Operation[operation], ...args))
        .then(resolve, reject)
        .finally(() => this.#pending.delete(reject));
    });
  }

  /**
   * @template T
   * @param {() => T} enter
   */
  #call(enter) {
    this.#depth++;
    try {
      return enter();
    } catch (error) {
      // What a trap threw says nothing to a caller; what Rust returned as an error does.
      throw retraced(this.#trap ?? error, compute);
    } finally {
      this.#depth--;
    }
  }

  /**
   * The exports, each watched for what no export throws in good health. The host calls some of them on its
   * own, from timers and promises: there nobody would catch it, and a process would end.
   * @param {WebAssembly.Exports} exports
   */
  #guarded(exports) {
    /** @type {Record<string, WebAssembly.ExportValue>} */
    const guarded = {};
    for (const [name, value] of Object.entries(exports)) {
      guarded[name] =
        typeof value !== "function"
          ? value
          : (/** @type {unknown[]} */ ...args) => {
              // What timers and promises still want of a broken instance; the glue reads a list.
              if (this.#trap) return [];
              this.#depth++;
              try {
                return value(...args);
              } catch (cause) {
                this.#fail(cause);
                if (this.#depth > 1) throw cause;
                return [];
              } finally {
                this.#depth--;
              }
            };
    }
    return guarded;
  }

  /**
   * The next call gets a fresh instance; what is under way here will never go on.
   * @param {unknown} cause
   */
  #fail(cause) {
    if (current === this) current = undefined;
    this.#trap ??= createError({
      name: "EvolinkError",
      code: "internal_error",
      message:
        "The library failed within itself; this is a bug, please report it with `cause`. " +
        "If a task was being submitted, it may have been charged.",
      retryable: false,
      charged: "unknown",
      cause,
    });
    for (const reject of this.#pending) reject(this.#trap);
    this.#pending.clear();
  }
}

/**
 * The stack that led to the caller's line, and not to where within the module the error was made.
 * @param {unknown} error
 * @param {Function} below what is left out of it, with all above
 */
function retraced(error, below) {
  if (error instanceof EvolinkError) Error.captureStackTrace?.(error, below);
  return error;
}

/**
 * @template T
 * @param {() => T} compile
 * @returns {T}
 */
function compiled(compile) {
  try {
    return compile();
  } catch (cause) {
    throw unavailable(cause);
  }
}

async function compiledAhead() {
  try {
    return await compileAhead();
  } catch (cause) {
    throw unavailable(cause);
  }
}

/** @param {unknown} cause */
function unavailable(cause) {
  if (cause instanceof EvolinkError) return cause;
  return createError({
    name: "ConfigurationError",
    code: "webassembly_unavailable",
    message:
      "The WebAssembly module could not be compiled. If the page has a Content-Security-Policy, " +
      "its script-src needs 'wasm-unsafe-eval'. See `cause`.",
    retryable: false,
    charged: "no",
    cause,
  });
}
