// Compiles apps against the declarations of the installed package, with the options of users.
import assert from "node:assert/strict";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { root } from "../../tools/setup.js";
import { installPackage } from "../support/packed.js";
import { runProgram } from "../support/program.js";

const uses = fileURLToPath(new URL("uses.ts", import.meta.url));
const hosts = fileURLToPath(new URL("globals.ts", import.meta.url));
const entries = [
  "evolink-video",
  "evolink-video/core",
  "evolink-video/rules",
  "evolink-video/server",
  "evolink-video/ai-sdk",
  "evolink-video/store",
  "evolink-video/durable",
  "evolink-video/cloudflare",
  "evolink-video/testing",
  "evolink-video/testing-server",
];

/** Compiler options of users. `extension` selects ES modules or CommonJS. */
const setups = {
  "a bundler": { extension: "ts", module: "esnext", moduleResolution: "bundler" },
  "node16, ESM": { extension: "mts", module: "node16", moduleResolution: "node16" },
  "node16, CommonJS": { extension: "cts", module: "node16", moduleResolution: "node16" },
  "nodenext, ESM": { extension: "mts", module: "nodenext", moduleResolution: "nodenext" },
  "nodenext, CommonJS": { extension: "cts", module: "nodenext", moduleResolution: "nodenext" },
  "wrangler, workerd": {
    extension: "ts",
    module: "esnext",
    moduleResolution: "bundler",
    customConditions: ["workerd", "worker", "browser"],
  },
  "every strict option": {
    extension: "mts",
    module: "nodenext",
    moduleResolution: "nodenext",
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    isolatedModules: true,
    verbatimModuleSyntax: true,
  },
};

/** The global declarations of hosts: packages with types, and parts of TypeScript's library. */
const globals = {
  Node: { types: ["@types/node"], lib: ["es2023"] },
  Bun: { types: ["bun-types"], lib: ["es2023"] },
  "Bun with a page": { types: ["bun-types"], lib: ["es2023", "dom"] },
  "Cloudflare Workers": { types: ["@cloudflare/workers-types"], lib: ["es2023"] },
  browsers: { types: [], lib: ["es2023", "dom"] },
};

/** @type {string} */
let folder;
before(async () => {
  folder = await installPackage();
});

/**
 * Compiles a file of an app. Rejects with the compiler's output.
 * @param {string} file
 * @param {Record<string, unknown>} compilerOptions
 */
async function compile(file, compilerOptions) {
  const project = join(folder, `${file}.${compilerOptions.module}.json`);
  const config = {
    compilerOptions: {
      strict: true,
      noEmit: true,
      // The package's own declarations are checked too.
      skipLibCheck: false,
      target: "es2022",
      lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
      types: [],
      ...compilerOptions,
    },
    files: [file],
  };
  await writeFile(project, JSON.stringify(config));
  await runProgram(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", project]);
}

describe("the declarations", { concurrency: 2 }, () => {
  for (const [setup, { extension, ...options }] of Object.entries(setups)) {
    test(`compile with ${setup}`, async () => {
      const file = `${setup.replaceAll(/\W+/g, "-")}.${extension}`;
      await copyFile(uses, join(folder, file));
      await compile(file, options);
    });
  }

  for (const [host, { types, lib }] of Object.entries(globals)) {
    test(`compile with the globals of ${host}`, async () => {
      const file = `globals-${host.replaceAll(/\W+/g, "-")}.mts`;
      await copyFile(hosts, join(folder, file));
      const installed = types.map((name) => join(root, "node_modules", name));
      await compile(file, { module: "nodenext", types: installed, lib, exactOptionalPropertyTypes: true });
    });
  }

  test("fit the types of Cloudflare's platform", async () => {
    await copyFile(fileURLToPath(new URL("cloudflare.ts", import.meta.url)), join(folder, "cloudflare.mts"));
    const types = [join(root, "node_modules/@cloudflare/workers-types")];
    await compile("cloudflare.mts", { module: "nodenext", types, lib: ["es2023"] });
  });

  test("support `await using`", async () => {
    const source = `import type { VideoClient } from "evolink-video";
      export async function use(client: VideoClient) { await using changes = client.watch("task-1"); }\n`;
    await writeFile(join(folder, "using.mts"), source);
    await compile("using.mts", { module: "nodenext", lib: ["es2023", "dom", "esnext.disposable"] });
  });

  test("reject a wrong use", async () => {
    const source =
      'import { validate } from "evolink-video";\nexport const valid: string = validate({}).valid;\n';
    await writeFile(join(folder, "wrong.mts"), source);
    const compiling = compile("wrong.mts", { module: "nodenext" });
    await assert.rejects(compiling, /wrong\.mts\(2,14\): error TS2322/);
  });

  for (const entry of entries) {
    for (const [extension, load] of /** @type {const} */ ([
      ["mts", "import"],
      ["cts", "require"],
    ])) {
      test(`declare exactly the exports of ${entry}, for \`${load}\``, async () => {
        const script = `const print = (module) => console.log(JSON.stringify(Object.keys(module)));
          ${load === "import" ? `import(${JSON.stringify(entry)}).then(print)` : `print(require(${JSON.stringify(entry)}))`}`;
        const printed = await runProgram(process.execPath, ["-e", script], { cwd: folder });
        /** @type {string[]} */
        const names = JSON.parse(printed);
        assert.ok(names.length > 0);
        const file = `exports-${entry.replaceAll("/", "-")}.${extension}`;
        await writeFile(join(folder, file), exactly("keyof Module", names, `typeof import("${entry}")`));
        await compile(file, { module: "nodenext" });
      });
    }
  }

  test("declare exactly the methods of VideoClient", async () => {
    const script = `import("evolink-video").then(({ VideoClient: { prototype } }) =>
      console.log(JSON.stringify(Object.getOwnPropertyNames(prototype))))`;
    const printed = await runProgram(process.execPath, ["-e", script], { cwd: folder });
    const methods = JSON.parse(printed).filter((/** @type {string} */ name) => name !== "constructor");
    assert.ok(methods.length > 0);
    const source = exactly("keyof Module", methods, 'import("evolink-video").VideoClient');
    await writeFile(join(folder, "methods.mts"), source);
    await compile("methods.mts", { module: "nodenext" });
  });

  test("exist once for `import` and `require`", async () => {
    for (const name of [
      "index",
      "core",
      "rules",
      "server",
      "durable",
      "cloudflare",
      "testing",
      "testing-server",
    ]) {
      const text = await readFile(join(folder, `node_modules/evolink-video/${name}.d.ts`), "utf8");
      assert.equal(text, `export * from "./${name}.cjs";\n`);
    }
  });
});

/**
 * Code that compiles only if a type has exactly these keys: a missing key is a missing property, an additional one an
 * unknown property.
 * @param {string} keys
 * @param {string[]} names
 * @param {string} module
 */
function exactly(keys, names, module) {
  const properties = names.map((name) => `${JSON.stringify(name)}: true`).join(", ");
  return `type Module = ${module};\nexport const names: Record<${keys}, true> = { ${properties} };\n`;
}
