// The README, the guides and the reports: their generated tables and their code blocks. Also the examples of the types.
//
//   <!-- table: name -->     a table that is generated from the code, or from a record of measurements
//   <!-- file: path -->      a code block with the contents of a file
//   <!-- run: name -->       a code block that tests/documents runs
//   <!-- repository -->      a part that is for readers of the repository, up to <!-- /repository -->
//   @example                 code of a declaration in pkg-template/*.d.ts that tests/documents runs
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem, read, root } from "./setup.js";

/** @typedef {{ document: string, kind: "run" | "file", name: string, language: string, code: string }} Block */

const guidesFolder = "www/guides";

export const guides = readdirSync(join(root, guidesFolder))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `${guidesFolder}/${name}`);

/** The documents in the npm package. */
export const packaged = ["README.md", ...guides];

const documents = [...packaged, "tests/bench/REPORT.md"];

/**
 * Formats a table in Markdown.
 * @param {string[]} head
 * @param {string[][]} rows
 */
export const markdownTable = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Reads a generated table of the documents. @param {string} name */
export const readTable = (name) => findTable(name).table;

/**
 * Replaces a generated table of the documents.
 * @param {string} name
 * @param {string} table
 */
export function putTable(name, table) {
  const { document } = findTable(name);
  write(
    document,
    read(document).replace(tablePattern(name), (_, marker) => `${marker}${table}\n`),
  );
}

/** @param {string} name */
function findTable(name) {
  for (const document of documents) {
    const [, , table] = tablePattern(name).exec(read(document)) ?? [];
    if (table) return { document, table: table.trimEnd() };
  }
  throw new Problem(`No document has a table below \`<!-- table: ${name} -->\`.`);
}

/** @param {string} name */
const tablePattern = (name) => new RegExp(`(<!-- table: ${name} -->\n\n)((?:\\|.*\n)+)`);

const blockPattern = /(<!-- (run|file): (\S+) -->\s+```(\w+)\n)([\s\S]*?)```/g;

/** The marked code blocks of the documents. @returns {Block[]} */
export const codeBlocks = () =>
  packaged.flatMap((document) =>
    [...read(document).matchAll(blockPattern)].map(([, , kind, name, language, code]) => ({
      ...{ document, kind: /** @type {"run" | "file"} */ (kind), name, language, code },
    })),
  );

/** @typedef {{ entry: string, name: string, code: string }} Example */

/** The entries of the package that users import. */
export const entries = readdirSync(join(root, "pkg-template"))
  .filter((name) => name.endsWith(".d.ts") && name !== "generated.d.ts")
  .map((name) => name.replace(".d.ts", ""));

const commentPattern = /^( *)\/\*\*((?:(?!\*\/)[^])*)\*\/\n\s*(.*)/gm;
const ownerPattern = /^export (?:class|interface) (\w+)/gm;
const keywords = /^(?:(?:export|declare|static|readonly|function|class|interface|const|type) )*/;

/** The `@example` blocks of the declarations, by the name of what they document. @returns {Example[]} */
export const examples = () =>
  entries.flatMap((entry) => {
    const declarations = read(`pkg-template/${entry}.d.ts`);
    return [...declarations.matchAll(commentPattern)].flatMap(
      ({ 1: indentation, 2: text, 3: line, index }) => {
        const owner = indentation && [...declarations.slice(0, index).matchAll(ownerPattern)].at(-1)?.[1];
        const [name] = /^[\w[\].]+/.exec(line.replace(keywords, "")) ?? [line];
        const blocks = text.replaceAll(/^ *\* ?/gm, "").split(/^(?=@[a-z])/m);
        return blocks
          .filter((block) => block.startsWith("@example"))
          .map((block, index) => ({
            entry,
            name: `${owner ? `${owner}.` : ""}${name}${index ? ` ${index + 1}` : ""}`,
            code: (/```ts\n([^]*)```/.exec(block)?.[1] ?? "").trim(),
          }));
      },
    );
  });

/** Writes the contents of the files into their code blocks. */
export function fillFiles() {
  for (const document of packaged)
    write(
      document,
      read(document).replace(blockPattern, (block, start, kind, name) =>
        kind === "file" ? `${start}${read(name)}\`\`\`` : block,
      ),
    );
}

/**
 * The tables of error codes, by name.
 * @param {[code: string, status: string, meaning: string, advice: string][]} codes of the API
 */
export function codeTables(codes) {
  const [, union] = /export type ErrorCode =(.*?);\n\n/s.exec(read("pkg-template/index.d.ts")) ?? [];
  const own = [...union.matchAll(/\/\*\* (.*?) \*\/\s+\| ["`](.*?)["`]/g)];
  return {
    "api-codes": markdownTable(
      ["code", "status", "meaning"],
      codes.map(([code, status, meaning, advice]) => [`\`${code}\``, status, `${meaning} ${advice}`.trim()]),
    ),
    codes: markdownTable(
      ["code", "meaning"],
      own.map(([, about, code]) => [`\`${code}\``, about]),
    ),
  };
}

/** A document for readers without the repository. @param {string} text */
export const withoutRepository = (text) =>
  text.replace(/<!-- repository -->\n+([\s\S]*?)<!-- \/repository -->\n*/g, "");

/** @param {string} document @param {string} text */
const write = (document, text) => writeFileSync(join(root, document), text);
