// What the instances of a module hold. The package keeps them to itself, so they are seen as they are made.

/** @type {WebAssembly.ExportValue[]} */
const exported = [];

/** Before the first use of the package. */
export function watchInstances() {
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, args) {
      const instance = Reflect.construct(target, args);
      exported.push(...Object.values(instance.exports));
      return instance;
    },
  });
}

/** Pages of memory, 64 KiB each, and references to JavaScript values. */
export function held() {
  let pages = 0;
  let references = 0;
  for (const value of exported) {
    if (value instanceof WebAssembly.Memory) pages += value.buffer.byteLength / 65_536;
    // A place that is free holds null.
    else if (value instanceof WebAssembly.Table) {
      for (let at = 0; at < value.length; at++) references += Number(value.get(at) !== null);
    }
  }
  return { pages, references };
}
