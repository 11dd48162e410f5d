// Serves an emulator together with static folders.
import { readFile, stat } from "node:fs/promises";
import { extname, isAbsolute, join, relative } from "node:path";
import { serve } from "../testing-server.js";

/** The paths of the emulator. All others are those of the folders, if a file exists there. */
const emulated = /^\/(v1|api\/v1|files)\//;

/** @type {Record<string, string>} */
const mediaTypes = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  mjs: "text/javascript; charset=utf-8",
  mp4: "video/mp4",
  png: "image/png",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

/**
 * @param {object} options
 * @param {import("../testing.js").Emulator} options.emulator
 * @param {Record<string, string>} options.folders by URL prefix: `{"/": "www", "/pkg": "pkg"}`
 * @param {number} [options.port] default: any free port
 * @param {string} [options.host]
 */
export function serveSite({ emulator, folders, port, host }) {
  const longestFirst = Object.entries(folders).sort(([a], [b]) => b.length - a.length);
  const site = {
    ...emulator,
    /** @type {typeof emulator.fetch} */
    async fetch(input, init) {
      const url = /** @type {URL} */ (input);
      const response = emulated.test(url.pathname) ? undefined : await fileAt(url, longestFirst);
      return response ?? emulator.fetch(input, init);
    },
  };
  return serve({ emulator: site, port, host });
}

/**
 * @param {URL} url
 * @param {[prefix: string, folder: string][]} folders
 */
async function fileAt({ pathname }, folders) {
  for (const [prefix, folder] of folders) {
    const base = prefix.replace(/\/$/, "");
    if (!pathname.startsWith(`${base}/`)) continue;
    try {
      const path = join(folder, decodeURIComponent(pathname.slice(base.length)));
      const inside = relative(folder, path);
      if (inside.startsWith("..") || isAbsolute(inside)) continue;
      const isFolder = (await stat(path)).isDirectory();
      if (isFolder && !pathname.endsWith("/"))
        return new Response(null, { status: 308, headers: { location: `${pathname}/` } });
      const file = isFolder ? join(path, "index.html") : path;
      const type = mediaTypes[extname(file).slice(1)] ?? "application/octet-stream";
      // Prevents stale files during development.
      const headers = { "content-type": type, "cache-control": "no-cache" };
      return new Response(await readFile(file), { headers });
    } catch {
      // No such file, or no path that a file can have.
    }
  }
  return undefined;
}
