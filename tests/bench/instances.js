// Measures the memory of module instances. The package does not expose them, so they are intercepted at creation.

/** @type {WebAssembly.ExportValue[]} */
const exported = [];

/** Must be called before the first use of the package. */
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
export function usage() {
  let pages = 0;
  let references = 0;
  for (const value of exported) {
    if (value instanceof WebAssembly.Memory) pages += value.buffer.byteLength / 65_536;
    // A free slot is null.
    else if (value instanceof WebAssembly.Table) {
      for (let at = 0; at < value.length; at++) references += Number(value.get(at) !== null);
    }
  }
  return { pages, references };
}
