// A running module: instantiated on first use, replaced after a trap.
import { EvolinkError, createError } from "./errors.js";

/** @typedef {import("#glue").Glue} Glue */

/**
 * @typedef {object} Source
 * @property {() => Glue} createGlue
 * @property {() => WebAssembly.Module} compile
 * @property {() => Promise<WebAssembly.Module>} compileAhead
 */

/** The module of one entry. Compiles nothing before the first call. */
export class Engine {
  #source;
  /** @type {Instance | undefined} */
  #instance;

  /** @param {Source} source */
  constructor(source) {
    this.#source = source;
  }

  /**
   * @param {Parameters<Glue["compute"]>[0]} name
   * @param {[first?: unknown, second?: unknown, third?: unknown, fourth?: unknown, fifth?: unknown]} args
   * @returns {any}
   */
  compute(name, args) {
    return this.#running().compute(name, args);
  }

  /**
   * @param {Parameters<Glue["start"]>[0]} operation
   * @param {[options: unknown, subject: unknown, call: unknown, own: unknown]} args
   * @returns {Promise<any>}
   */
  start(operation, ...args) {
    return this.#running().start(operation, ...args);
  }

  async ready() {
    if (this.#instance) return;
    let module;
    try {
      module = await this.#source.compileAhead();
    } catch (cause) {
      throw unavailable(cause);
    }
    this.#instance ??= this.#instantiate(module);
  }

  #running() {
    if (this.#instance) return this.#instance;
    let module;
    try {
      module = this.#source.compile();
    } catch (cause) {
      throw unavailable(cause);
    }
    return (this.#instance = this.#instantiate(module));
  }

  /** @param {WebAssembly.Module} module */
  #instantiate(module) {
    const instance = new Instance(module, this.#glue(), () => {
      if (this.#instance === instance) this.#instance = undefined;
    });
    return instance;
  }

  #glue() {
    try {
      return this.#source.createGlue();
    } catch (cause) {
      throw unavailable(cause);
    }
  }
}

class Instance {
  /** Rejects each promise that is not settled yet. @type {Set<(reason: unknown) => void>} */
  #pending = new Set();
  #glue;
  #onTrap;
  /** @type {Error | undefined} */
  #trap;
  /** The number of calls into the module, and of this class, on the stack. */
  #depth = 0;

  /**
   * @param {WebAssembly.Module} module
   * @param {Glue} glue
   * @param {() => void} onTrap called when the instance can no longer be used
   */
  constructor(module, glue, onTrap) {
    glue.connect(module, (exports) => this.#guarded(exports));
    this.#glue = glue;
    this.#onTrap = onTrap;
  }

  /**
   * @param {Parameters<Glue["compute"]>[0]} name
   * @param {[first?: unknown, second?: unknown, third?: unknown, fourth?: unknown, fifth?: unknown]} args
   */
  compute(name, args) {
    return this.#call(() => this.#glue.compute(name, ...args));
  }

  /**
   * @param {Parameters<Glue["start"]>[0]} operation
   * @param {[options: unknown, subject: unknown, call: unknown, own: unknown]} args
   * @returns {Promise<any>}
   */
  start(operation, ...args) {
    return new Promise((resolve, reject) => {
      const settle = (/** @type {(value: any) => void} */ how) => (/** @type {unknown} */ value) => {
        this.#pending.delete(reject);
        how(value);
      };
      this.#pending.add(reject);
      this.#call(() => this.#glue.start(operation, ...args)).then(settle(resolve), settle(reject));
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
      // The exception of a trap is replaced, since it means nothing to the caller. Errors that Rust returned are kept.
      throw this.#trap ?? error;
    } finally {
      this.#depth--;
    }
  }

  /**
   * The exports, each with a guard that catches traps. The host calls some exports itself, from timers and
   * promises: an exception there would be uncaught and could end the process.
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
              // Timers and promises may still call an instance that trapped. The glue reads an array.
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
   * The next call gets a new instance. Pending calls of this one cannot continue.
   * @param {unknown} cause
   */
  #fail(cause) {
    this.#onTrap();
    this.#trap ??= createError({
      name: "EvolinkError",
      code: "internal_error",
      message:
        "Internal error of evolink-video: please report it with its `cause`. " +
        "A submission in progress may have been charged.",
      retryable: false,
      charged: "unknown",
      cause,
    });
    for (const reject of this.#pending) reject(this.#trap);
    this.#pending.clear();
  }
}

/**
 * Makes the stack of an error end at the caller, not inside the module.
 * @param {unknown} error
 * @param {Function} below this function and all calls above it are omitted from the stack
 */
export function retraced(error, below) {
  if (error instanceof EvolinkError) Error.captureStackTrace?.(error, below);
  return error;
}

/** Why a module cannot be compiled or used, if the host reports it, and what to do. */
function reason() {
  const { WebAssembly, TextDecoder, TextEncoder, document, navigator } = /** @type {any} */ (globalThis);
  if (!WebAssembly)
    return "this host has no WebAssembly (React Native's Hermes has none). Call your own server.";
  if (!TextDecoder || !TextEncoder)
    return "this host has no TextDecoder. In Jest, use the environment jest-fixed-jsdom; elsewhere, define it as a global.";
  if (document?.characterSet && document.characterSet !== "UTF-8")
    return "the script was not read as UTF-8. Declare <meta charset=utf-8>.";
  if (navigator?.userAgent === "Cloudflare-Workers")
    return "it was bundled without the condition `workerd`. Add it to the conditions of the bundler.";
  return "if the page has a Content-Security-Policy, its script-src needs 'wasm-unsafe-eval'.";
}

/** @param {unknown} cause */
function unavailable(cause) {
  if (cause instanceof EvolinkError) return cause;
  return createError({
    name: "ConfigurationError",
    code: "webassembly_unavailable",
    message: `The WebAssembly module cannot be used: ${reason()} See \`cause\`.`,
    retryable: false,
    charged: "no",
    cause,
  });
}
