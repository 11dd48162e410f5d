// Types of the files that tools/build.js generates.

declare module "#glue" {
  /** The bindings of one instance, as wasm-bindgen writes them. The module `rules` has no operations. */
  export interface Glue {
    /** Instantiates the module. All calls go through the exports that the guard returns. */
    connect(module: WebAssembly.Module, guard: (exports: WebAssembly.Exports) => object): void;
    Computation: Record<
      "Validate" | "ParseTags" | "Retag" | "DetectMode" | "EstimateTokens" | "ResolveModel" | "EstimateCost",
      number
    >;
    compute(computation: number, first?: unknown, second?: unknown, third?: unknown): any;
    ClientComputation: Record<"CheckOptions" | "Prepare" | "ProgressEstimate", number>;
    computeForClient(computation: number, first?: unknown, second?: unknown, third?: unknown): any;
    Operation: Record<
      "Submit" | "Retrieve" | "Poll" | "Wait" | "Watch" | "WaitAll" | "Resume" | "Generate",
      number
    >;
    installErrors(factory: Function): void;
    start(operation: number, options: unknown, subject: unknown, call: unknown, own: unknown): Promise<any>;
  }
  export function createGlue(): Glue;
}

declare module "#tables" {
  export const version: string;
  export const limits: import("./index.js").Limits;
  export const limitsByModel: Record<string, import("./index.js").Limits>;
  export const knownModels: readonly import("./index.js").KnownModel[];
  export const prices: import("./index.js").PriceTable;
  export const jsonSchema: object;
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
