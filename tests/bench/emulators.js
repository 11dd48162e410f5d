// Many tasks behind one `fetch`. An emulator looks over all its open tasks at every request, which a server would not:
// so the tasks are spread over many emulators.
import { createEmulator } from "../../pkg/testing.js";

/** Of tasks to one emulator. */
const share = 100;
const origin = "https://api.evolink.ai";
const headers = { authorization: "Bearer key", "content-type": "application/json" };

/** @typedef {{ emulator: import("../../pkg/testing.js").Emulator, id: string }} Home */

/**
 * @param {number} count of tasks, all of them created by now
 * @param {import("../../pkg/testing.js").EmulatorOptions} options
 */
export async function createTasks(count, options) {
  /** By the name that the client knows: emulators give the same names. @type {Map<string, Home>} */
  const homes = new Map();
  const body = JSON.stringify({ model: "seedance-2.0", prompt: "A cat walks through snow" });
  let emulator = createEmulator(options);
  while (homes.size < count) {
    if (homes.size % share === 0) emulator = createEmulator(options);
    const answer = await emulator.fetch(`${origin}/v1/videos/generations`, { method: "POST", headers, body });
    const { id } = await answer.json();
    homes.set(`${id}-${Math.floor(homes.size / share)}`, { emulator, id });
  }
  let requests = 0;

  /** @param {string} url @param {RequestInit} [init] */
  async function fetch(url, init) {
    requests++;
    const { pathname } = new URL(url);
    if (pathname !== "/v1/tasks/batch") return read(pathname.split("/").at(-1) ?? "", init);
    /** @type {string[]} */
    const names = JSON.parse(String(init?.body)).task_ids;
    const { signal } = init ?? {};
    const answers = await Promise.all(names.map((name) => read(name, { headers, signal })));
    return Response.json({ code: 200, data: await Promise.all(answers.map((answer) => answer.json())) });
  }

  /** @param {string} name @param {RequestInit} [init] */
  async function read(name, init) {
    const home = homes.get(name);
    if (!home) throw new Error(`There is no task ${name}.`);
    const answer = await home.emulator.fetch(`${origin}/v1/tasks/${home.id}`, init);
    return new Response((await answer.text()).replaceAll(home.id, name), answer);
  }

  return {
    fetch: /** @type {typeof globalThis.fetch} */ (fetch),
    ids: [...homes.keys()],
    requests: () => requests,
  };
}
