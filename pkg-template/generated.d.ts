// What tools/build.js makes, for the type checker.

declare module "#glue" {
  /** One instance's bindings, as wasm-bindgen writes them. */
  export interface Glue {
    /** Makes the instance, and calls it through what the guard makes of its exports. */
    connect(module: WebAssembly.Module, guard: (exports: WebAssembly.Exports) => object): void;
    Operation: Record<
      "Submit" | "Retrieve" | "Poll" | "Wait" | "Watch" | "WaitAll" | "Resume" | "Generate",
      number
    >;
    Computation: Record<
      | "Validate"
      | "LimitsFor"
      | "ResolveModel"
      | "EstimateCost"
      | "ParseTags"
      | "Retag"
      | "DetectMode"
      | "EstimateTokens"
      | "ProgressEstimate"
      | "CheckOptions"
      | "Prepare",
      number
    >;
    compute(computation: number, first: unknown, second?: unknown, third?: unknown): any;
    installErrors(factory: Function): void;
    start(operation: number, options: unknown, subject: unknown, call: unknown, own: unknown): Promise<any>;
  }
  export function createGlue(): Glue;
}

declare module "#tables" {
  export const version: string;
  export const limits: import("./index.js").Limits;
  export const jsonSchema: object;
}

declare module "#wasm" {
  export function bytes(): Uint8Array<ArrayBuffer>;
}

declare module "*client.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*client.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
