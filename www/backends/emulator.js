// The API, emulated in this page. Tasks survive reloads and are the same in all tabs: every accepted order goes into a
// journal in web storage, from which each tab makes the same tasks again.

import { estimateCost, loadEmulator } from "../package.js";
import { exclusively, read, write } from "../storage.js";

/** @typedef {import("../../pkg/testing.js").FaultAction["fault"]} Fault */
/** @typedef {{ at: number, url: string, headers: Record<string, string>, body: string, seconds: number, fault: string }} Order */

const journalKey = "evolink-video:emulator";
const settingsKey = "evolink-video:emulator-settings";
const journalHours = 24;

/** How long a task takes, in seconds. */
export const speeds = [
  { id: "3", label: "3 seconds" },
  { id: "10", label: "10 seconds" },
  { id: "60", label: "1 minute" },
  { id: "165", label: "Like the API: 165 seconds" },
];

/** @type {{ id: string, label: string }[]} */
export const faults = [
  { id: "none", label: "None" },
  { id: "busy", label: "503 first, then a retry" },
  { id: "limited", label: "429 with a pause of 3 s" },
  { id: "lost", label: "The answer to the order is lost" },
  { id: "unsteady", label: "Reads fail three times" },
  { id: "failed", label: "The task fails" },
  { id: "credits", label: "Not enough credits" },
  { id: "callback", label: "The callback is refused once" },
];

const failure = { code: "content_policy_violation", message: "The content was refused (emulated)." };

export const settings = { speed: "10", fault: "none", ...read(localStorage, settingsKey) };

/** @param {Partial<typeof settings>} change */
export function changeSettings(change) {
  Object.assign(settings, change);
  write(localStorage, settingsKey, settings);
}

/** Called for each callback that the emulator sends. @type {(taskId: string, url: string, status: number) => void} */
let onCallback = () => {};

/** @param {typeof onCallback} listener */
export function watchCallbacks(listener) {
  onCallback = listener;
}

/** @type {Promise<Replay> | undefined} */
let replay;

/** @type {import("../../pkg/testing.js").Emulator["fetch"]} */
export async function fetch(input, init) {
  replay ??= loadEmulator().then(({ createEmulator }) => new Replay(createEmulator));
  return (await replay).fetch(input, init);
}

class Replay {
  #emulator;
  /** The orders whose tasks the emulator has. @type {Order[]} */
  #orders = [];
  /** The time during the repetition of an order. @type {number | undefined} */
  #now;
  /** The order that is being carried out. @type {Order | undefined} */
  #current;
  /** How often each fault was applied to each order or task. @type {Map<string, number>} */
  #applied = new Map();
  /** The fault of each order, by its key and by its task: later choices are for later orders. @type {Map<string, string>} */
  #chosen = new Map();

  /** @param {typeof import("../../pkg/testing.js").createEmulator} createEmulator */
  constructor(createEmulator) {
    const orderOf = (/** @type {number} */ sequence) => this.#orders[sequence - 1] ?? this.#current;
    const seconds = (/** @type {unknown} */ _, /** @type {number} */ sequence) =>
      orderOf(sequence)?.seconds ?? 10;
    this.#emulator = createEmulator({
      now: () => this.#now ?? Date.now(),
      estimatedTime: seconds,
      taskTime: seconds,
      price: (request) => estimateCost(request).credits?.[1] ?? 12,
      outcome: (_, sequence) => (orderOf(sequence)?.fault === "failed" ? failure : "completed"),
      resultUrl: "data",
      callbackFetch: async (input, init) => this.#receive(String(input), init),
      faults: [
        this.#fault("busy", "create", { status: 503, headers: { "retry-after": "1" } }),
        this.#fault("limited", "create", { status: 429, headers: { "retry-after": "3" } }),
        this.#fault("credits", "create", { status: 402 }, Infinity),
        { ...this.#fault("lost", "create", "network"), carriedOut: true },
        this.#fault("unsteady", "read", "network", 3),
      ],
    });
  }

  /**
   * @param {string} name
   * @param {"create" | "read"} on
   * @param {Fault} fault
   * @param {number} [times]
   * @returns {import("../../pkg/testing.js").FaultRule}
   */
  #fault(name, on, fault, times = 1) {
    return {
      on,
      fault,
      when: ({ idempotencyKey, taskId }) => {
        const id = idempotencyKey ?? taskId ?? "";
        return this.#now === undefined && this.#faultOf(id) === name && this.#isDue(`${name} ${id}`, times);
      },
    };
  }

  /** @param {string} id an idempotency key or a task */
  #faultOf(id) {
    const fault = this.#chosen.get(id) ?? settings.fault;
    this.#chosen.set(id, fault);
    return fault;
  }

  /** @param {Response} response to an order @param {string} fault of it */
  async #noteTask(response, fault) {
    if (response.ok) this.#chosen.set((await response.clone().json()).id, fault);
    return response;
  }

  /** @param {string} key @param {number} times */
  #isDue(key, times) {
    const applied = this.#applied.get(key) ?? 0;
    this.#applied.set(key, applied + 1);
    return applied < times;
  }

  /** @param {string} url @param {RequestInit | undefined} init */
  #receive(url, init) {
    const { id } = JSON.parse(String(init?.body));
    const isRefused = this.#faultOf(id) === "callback" && this.#isDue(`callback ${id}`, 1);
    const status = isRefused ? 500 : 204;
    onCallback(id, url, status);
    return new Response(null, { status });
  }

  /** @type {import("../../pkg/testing.js").Emulator["fetch"]} */
  async fetch(input, init) {
    if (init?.method !== "POST" || typeof init.body !== "string") {
      await this.#catchUp();
      return this.#emulator.fetch(input, init);
    }
    // Tabs take turns, so that all of them number their tasks in the same way.
    return exclusively(journalKey, () =>
      this.#order(input, /** @type {RequestInit & { body: string }} */ (init)),
    );
  }

  /** @param {string | URL | Request} input @param {RequestInit & { body: string }} init */
  async #order(input, init) {
    await this.#catchUp();
    const headers = Object.fromEntries(new Headers(init.headers));
    const order = {
      at: Date.now(),
      url: String(input),
      headers,
      body: init.body,
      seconds: Number(settings.speed),
      fault: this.#faultOf(headers["idempotency-key"]),
    };
    const { created } = this.#emulator.counts;
    this.#current = order;
    try {
      return await this.#noteTask(await this.#emulator.fetch(input, init), order.fault);
    } finally {
      this.#current = undefined;
      if (this.#emulator.counts.created > created) {
        this.#orders.push(order);
        write(localStorage, journalKey, this.#orders);
      }
    }
  }

  /** Makes the tasks that are in the journal only. */
  async #catchUp() {
    const journal = /** @type {Order[]} */ (read(localStorage, journalKey) ?? []);
    const isOld =
      journal.length > 0 && Date.now() - journal[journal.length - 1].at > journalHours * 3_600_000;
    if (isOld) write(localStorage, journalKey, []);
    if (isOld || journal.length <= this.#orders.length) return;
    for (const order of journal.slice(this.#orders.length)) {
      this.#now = order.at;
      this.#current = order;
      const init = { method: "POST", headers: order.headers, body: order.body };
      await this.#noteTask(await this.#emulator.fetch(order.url, init), order.fault);
      this.#orders.push(order);
    }
    this.#now = this.#current = undefined;
  }
}
