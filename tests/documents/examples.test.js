// Compiles and runs the `@example` blocks of the declarations with the packed package and the emulator.
//
// An example imports what it uses of other packages. It has the exports of this one, and `client`, `request`, `emulator`
// and so on of `examples/given.js`. A line that ends with `; // => value` shows the value of its expression.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { Miniflare } from "miniflare";
import { entries, examples } from "../../tools/documents.js";
import { read, root } from "../../tools/setup.js";
import { runProgram } from "../support/program.js";
import { bundleWorker, newestCompatibilityDate } from "../support/workerd.js";
import { app } from "./support.js";

/** @typedef {import("../../tools/documents.js").Example} Example */
/** @typedef {Record<string, string | null>} Errors */

const all = examples();

/** The packages that examples import, and where the workspace has them. */
const packages = { ai: "ai-7" };

/** Entries whose examples run in workerd. */
const ofCloudflare = ["cloudflare", "durable"];

/** The folder of the examples in the installed app. */
const folder = async () => join(await app(), "examples");

/** @param {Example} example @param {string} extension */
const fileOf = ({ entry, name }, extension) => `./${entry}/${name.replaceAll(/[^\w.]+/g, "-")}.${extension}`;

/** The names that an entry declares. @param {string} entry */
const namesOf = (entry) =>
  [
    ...read(`pkg-template/${entry}.d.ts`).matchAll(/^export (?:class|function|const|interface|type) (\w+)/gm),
  ].map(([, name]) => name);

/** The module of an example. @param {Example} example */
function moduleOf({ entry, code }) {
  const lines = code.split("\n");
  const isImport = (/** @type {string} */ line) => line.startsWith("import ");
  const own = lines.filter(isImport).join("\n");
  const rest = lines.filter((line) => !isImport(line));
  const shown = [...rest.keys()].filter((index) => rest[index].includes("// =>"));
  const body = rest.map((line, index) => (shown.includes(index) ? withCheck(line, index) : line)).join("\n");
  const missing = new Set(body.match(/\w+/g));
  for (const name of own.match(/\w+/g) ?? []) missing.delete(name);
  const imports = [entry, "index", ...entries].map((from) => {
    const names = namesOf(from).filter((name) => missing.delete(name));
    const specifier = from === "index" ? "evolink-video" : `evolink-video/${from}`;
    return names.length ? `import { ${names.join(", ")} } from "${specifier}";\n` : "";
  });
  return `${imports.join("")}${own}
export const shown: number[] = ${JSON.stringify(shown)};
export const example = async (given: import("../given.js").Given) => {
const { emulator, client, request, check, ctx, env, step, event, NonRetryableError } = given;
{
${body}
} };
`;
}

/** Turns the value that a line shows into a check. @param {string} line @param {number} index */
function withCheck(line, index) {
  const [, space, name, code, value] = /^(\s*)(?:const (\w+) = )?(.*); \/\/ => (.*)$/.exec(line) ?? [];
  assert.ok(value, `\`${line}\` must be an expression or a constant, \`; // => \` and the value`);
  return name
    ? `${space}const ${name} = ${code}; check(${index}, ${name}, ${value});`
    : `${space}check(${index}, ${code}, ${value});`;
}

before(async () => {
  const cwd = await folder();
  await cp(fileURLToPath(new URL("examples", import.meta.url)), cwd, { recursive: true });
  await writeFile(join(cwd, "package.json"), '{ "type": "module" }');
  for (const [name, installed] of Object.entries(packages))
    await symlink(join(root, "node_modules", installed), join(await app(), "node_modules", name), "junction");
  for (const example of all) {
    const code = moduleOf(example);
    const file = join(cwd, fileOf(example, "ts"));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, code);
    const { code: script } = await transform(code, { loader: "ts", target: "es2022" });
    await writeFile(join(cwd, fileOf(example, "js")), script);
  }
});

test("the examples compile", async () => {
  const cwd = await folder();
  const compilerOptions = {
    ...{ strict: true, noEmit: true, allowJs: true, skipLibCheck: true },
    ...{ target: "es2022", module: "nodenext", types: [join(root, "node_modules/@types/node")] },
    lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable", "esnext.disposable"],
  };
  const files = all.map((example) => fileOf(example, "ts"));
  await writeFile(join(cwd, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  await runProgram(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", cwd]);
});

/** @param {Example[]} own @returns {Promise<Errors>} */
async function runInNode(own) {
  const env = { ...process.env, EVOLINK_API_KEY: "sk-test", EVOLINK_SECRET: "s".repeat(32), PORT: "0" };
  const files = own.map((example) => fileOf(example, "js"));
  const printed = await runProgram(process.execPath, ["node.js", ...files], { cwd: await folder(), env });
  return JSON.parse(printed.trimEnd().split("\n").at(-1) ?? "{}");
}

/** @param {Example[]} own @returns {Promise<Errors>} */
async function runInWorkerd(own) {
  const cwd = await folder();
  const files = own.map((example) => fileOf(example, "js"));
  const imports = files.map((file, index) => `import * as _${index} from "${file}";`);
  const members = files.map((file, index) => `"${file}": _${index}`);
  await writeFile(
    join(cwd, "examples.js"),
    `${imports.join("\n")}\nexport default { ${members.join(", ")} };\n`,
  );
  const { script, modules } = await bundleWorker(join(cwd, "worker.js"), join(cwd, "bundled", own[0].entry));
  const wasm = Object.entries(modules).map(([name, path]) => ({
    ...{ type: /** @type {const} */ ("CompiledWasm"), path: name, contents: readFileSync(path) },
  }));
  const worker = { type: /** @type {const} */ ("ESModule"), path: "worker.js" };
  const miniflare = new Miniflare({
    modules: [{ ...worker, contents: readFileSync(script, "utf8") }, ...wasm],
    compatibilityDate: newestCompatibilityDate,
    r2Buckets: ["VIDEOS"],
    workflows: { FLOW: { name: "examples", className: "Flow" } },
    durableObjects: { HOLDER: { className: "Holder", useSQLite: true } },
  });
  try {
    /** @type {Errors} */
    const errors = {};
    for (const example of own) {
      const file = fileOf(example, "js");
      const body = JSON.stringify({ file, workflow: /\bstep\b/.test(example.code) });
      const response = await miniflare.dispatchFetch("https://app.example/", { method: "POST", body });
      errors[file] = /** @type {string | null} */ (await response.json());
    }
    return errors;
  } finally {
    await miniflare.dispose();
  }
}

describe("the examples run", { concurrency: 2 }, () => {
  for (const entry of entries) {
    const own = all.filter((example) => example.entry === entry);
    if (!own.length) continue;
    describe(entry, () => {
      /** @type {Errors} */
      let errors = {};
      before(async () => {
        errors = await (ofCloudflare.includes(entry) ? runInWorkerd(own) : runInNode(own));
      });
      for (const example of own) test(example.name, () => assert.equal(errors[fileOf(example, "js")], null));
    });
  }
});
