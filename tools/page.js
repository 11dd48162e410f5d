// Bundles the page for the package, whose command `demo` serves it with the package at `/pkg`.
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { read, root } from "./setup.js";

/** @param {string} folder */
export async function bundlePage(folder) {
  const esbuild = await import("esbuild");
  const www = join(root, "www");
  rmSync(folder, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: [join(www, "page.js"), join(www, "style.css")],
    outdir: folder,
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "esm",
    target: "es2022",
    external: ["../pkg/*"],
  });
  copyFileSync(join(www, "icon.svg"), join(folder, "icon.svg"));
  const scriptsOfPage = / *<link rel="modulepreload" href="(?!\.\.\/pkg\/).*\n/g;
  const linkToDocs = / *<p><a href="docs\/">.*\n/;
  const page = read("www/index.html").replace(scriptsOfPage, "").replace(linkToDocs, "");
  writeFileSync(join(folder, "index.html"), page);
}
