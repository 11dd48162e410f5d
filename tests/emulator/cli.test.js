import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../../pkg-template/testing-server.js";
import { json, paths, request } from "./support.js";

const cli = fileURLToPath(new URL("../../pkg-template/cli.js", import.meta.url));
const headers = { authorization: "Bearer sk-test" };

/** @param {string[]} args */
function start(...args) {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const printed = { out: "", error: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (printed.out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (printed.error += text));
  return { child, printed };
}

/** @param {string[]} args */
async function started(...args) {
  const { child, printed } = start("emulator", "--port", "0", ...args);
  await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  const [url] = printed.out.split("\n");
  return { child, url, printed };
}

/** @param {string} url @param {object} [fields] */
const create = async (url, fields) =>
  json(
    await fetch(url + paths.create, {
      method: "POST",
      headers,
      body: JSON.stringify({ ...request, ...fields }),
    }),
  );

test("`emulator` prints its address and an example, serves, and exits on SIGINT", async (context) => {
  const { child, url, printed } = await started("--task-time", "0");
  context.after(() => child.kill());
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.ok(printed.out.includes(`curl ${url}/v1/videos/generations`));
  assert.equal((await create(url)).status, "completed");
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  // On Windows, a process that is interrupted by another one is terminated.
  if (process.platform !== "win32") assert.equal(code, 0);
  assert.equal(printed.error, "");
});

test("`--speed` divides the time of tasks", async (context) => {
  const { child, url } = await started("--speed", "10");
  context.after(() => child.kill());
  assert.equal((await create(url)).task_info.estimated_time, 17);
});

test("`--callbacks` sends callbacks to loopback addresses", async (context) => {
  const receiver = createServer().listen(0, "127.0.0.1");
  context.after(() => receiver.close());
  await once(receiver, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (receiver.address());
  const { child, url } = await started("--callbacks", "--task-time", "0.1");
  context.after(() => child.kill());
  const received = once(receiver, "request");
  const { id } = await create(url, { callback_url: `http://127.0.0.1:${port}/hook` });
  const [incoming, outgoing] = await received;
  outgoing.end();
  let body = "";
  for await (const chunk of incoming) body += chunk;
  assert.equal(incoming.url, "/hook");
  assert.equal(JSON.parse(body).id, id);
});

for (const args of [["--help"], []])
  test(`prints the options for \`${args.join(" ")}\``, async () => {
    const { child, printed } = start(...args);
    assert.deepEqual(await once(child, "close"), [0, null]);
    for (const option of ["--port", "--host", "--speed", "--task-time", "--callbacks"])
      assert.ok(printed.out.includes(option), option);
  });

for (const [args, message] of /** @type {const} */ ([
  [["emulatr"], /must be `demo` or `emulator`, received "emulatr"/],
  [["emulator", "--prot", "1"], /--prot/],
  [["emulator", "--once"], /--once/],
  [["emulator", "--port", "70000"], /`--port` is not a valid number: "70000"/],
  [["emulator", "--speed", "0"], /`--speed`/],
  [["emulator", "--task-time", "soon"], /`--task-time`/],
]))
  test(`fails with a message for \`${args.join(" ")}\``, async () => {
    const { child, printed } = start(...args);
    const [code] = await once(child, "close");
    assert.equal(code, 1);
    assert.match(printed.error, message);
    assert.doesNotMatch(printed.error, /\n {4}at /);
  });

test("fails with a message for a port in use", async (context) => {
  const { url, close } = await serve();
  context.after(close);
  const { child, printed } = start("emulator", "--port", new URL(url).port);
  const [code] = await once(child, "close");
  assert.equal(code, 1);
  assert.match(printed.error, /^Port \d+ of 127\.0\.0\.1 cannot be used: .*EADDRINUSE/);
});
