import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const program = createRequire(import.meta.url).resolve("@evolinkai/evolink-media");

/** Sends what the program sends to the vendor's hosts to a server instead. */
const redirect = `data:text/javascript,${encodeURIComponent(`
  const { fetch } = globalThis;
  const hosts = /^https:\\/\\/(files-)?api\\.evolink\\.ai(?=\\/)/;
  globalThis.fetch = (url, init) => fetch(url.replace(hosts, process.env.EMULATOR_URL), init);
`)}`;

/**
 * Starts the vendor's own client, an MCP server over standard input and output.
 *
 * @param {string} url of the emulator
 * @param {string} [apiKey]
 */
export async function startVendorClient(url, apiKey = "sk-vendor") {
  const child = spawn(process.execPath, ["--import", redirect, program], {
    env: { ...process.env, EMULATOR_URL: url, EVOLINK_API_KEY: apiKey },
    stdio: ["pipe", "pipe", "ignore"],
  });
  /** @type {Map<number, { resolve: (message: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  createInterface(child.stdout).on("line", (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.resolve(message);
  });
  child.once("exit", (code) =>
    waiting.forEach(({ reject }) => reject(new Error(`The vendor's client exited with ${code}`))),
  );

  /** @param {object} message */
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  /** @param {string} method @param {object} params @returns {Promise<any>} */
  function request(method, params) {
    const id = waiting.size + 1;
    send({ id, method, params });
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  }

  await request("initialize", {
    protocolVersion: "2024-11-05",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  });
  send({ method: "notifications/initialized" });
  return {
    /**
     * Calls a tool and returns what it prints.
     *
     * @param {string} name
     * @param {object} [args]
     * @returns {Promise<{ text: string, isError: boolean }>}
     */
    async call(name, args = {}) {
      const { result } = await request("tools/call", { name, arguments: args });
      return { text: result.content[0].text, isError: result.isError ?? false };
    },
    stop: () => child.kill(),
  };
}
