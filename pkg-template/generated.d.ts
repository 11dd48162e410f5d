// Types of the files that tools/build.js generates.

declare module "#glue" {
  /** The bindings of one instance, as wasm-bindgen writes them. The module `rules` has no operations. */
  export interface Glue {
    /** Instantiates the module. All calls go through the exports that the guard returns. */
    connect(module: WebAssembly.Module, guard: (exports: WebAssembly.Exports) => object): void;
    compute(
      name:
        | (
            | "validate"
            | "parseTags"
            | "retag"
            | "detectMode"
            | "estimateTokens"
            | "resolveModel"
            | "estimateCost"
          )
        | (
            | "checkOptions"
            | "prepare"
            | "progressEstimate"
            | "idempotencyKey"
            | "checkCall"
            | "checkUpload"
            | "checkStored"
            | "sha256"
            | "validationMessage" // Only the client's module has these,
          )
        | ("stepFile" | "closeFile" | "checkFiles"), // and only the one for files these, which return JSON.
      ...args: [first?: unknown, second?: unknown, third?: unknown, fourth?: unknown, fifth?: unknown]
    ): any;
    start(
      operation:
        | ("submit" | "generate" | "retrieve" | "retrieveAll" | "poll" | "pollAll")
        | ("wait" | "watch" | "waitAll" | "resume" | "acknowledge" | "pending" | "forget")
        | ("list" | "credits" | "models" | "request" | "upload"),
      ...args: [options: unknown, subject: unknown, call: unknown, own: unknown]
    ): Promise<any>;
  }
  export function createGlue(): Glue;
}

declare module "#media" {
  export const checkFiles: typeof import("./media.js").checkFiles;
}

declare module "#tables" {
  export const version: string;
  export const limits: import("./index.js").Limits;
  export const limitsByModel: Record<string, import("./index.js").Limits>;
  export const knownModels: readonly import("./index.js").KnownModel[];
  export const prices: import("./index.js").PriceTable;
  export const jsonSchema: { properties: Record<string, object> };
  export const endpoints: typeof import("./index.js").endpoints;
}

declare module "#wasm" {
  export const alphabet: string;
  export const text: string;
}

declare module "#file" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "#file?module" {
  const module: WebAssembly.Module;
  export default module;
}
