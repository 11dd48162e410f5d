// One generation, the cheapest, which costs credits: idempotency, headers, timing and price.
import { randomUUID } from "node:crypto";
import { isSuccess } from "./api.js";
import { fieldsOf, modelsOf } from "./account.js";
import { exposure, isSharedWith } from "./cors.js";
import { change, confirmed, differs, learned, open } from "./finding.js";

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./finding.js").Finding} Finding */

/** The same as in the vendor's own tools. */
const pollMs = 8_000;
const timeoutMs = 30 * 60_000;

/** The statuses of a final task. */
const endWords = /^(completed|succeeded|success|failed|error|cancelled|canceled|expired)$/;

/**
 * What will be generated, and its price by the library's table.
 *
 * @typedef {object} Plan
 * @property {{ model: string, prompt: string, duration: number, quality: string, generate_audio: boolean }} request
 * @property {[number, number]} credits
 * @property {string} price for people
 */

/**
 * The request that costs the least, of those that the key may have.
 * @param {Answer} models the answer of `GET /v1/models`
 * @param {typeof import("../../pkg-template/index.js")} library
 * @returns {Plan | undefined}
 */
export function plan(models, { knownModels, estimateCost }) {
  const served = modelsOf(models);
  const plans = knownModels
    .filter(({ id }) => /-text-to-video$/.test(id) && (served === undefined || served.includes(id)))
    .flatMap(({ id }) =>
      ["480p", "720p"].map((quality) => {
        const request = {
          model: id,
          prompt: "A paper boat on a river",
          duration: 4,
          quality,
          generate_audio: false,
        };
        return { request, cost: estimateCost(request) };
      }),
    )
    .flatMap(({ request, cost: { credits, usd, asOf, source } }) => {
      if (!credits || !usd) return [];
      const price = `${range(credits)} credits (${range(usd.map((value) => Math.ceil(value * 100) / 100))} USD), by the ${source} of ${asOf}`;
      return [{ request, credits, price }];
    });
  return plans.sort((a, b) => a.credits[1] - b.credits[1])[0];
}

/** @param {readonly number[]} bounds */
const range = ([low, high]) => (low === high ? `${low}` : `${low} to ${high}`);

/**
 * Generates, and sends the create call twice with one key.
 *
 * @param {Api} api
 * @param {Plan} planned
 * @param {{ pause: (ms: number) => Promise<unknown>, say: (line: string) => void, now: () => number }} context
 * @returns {Promise<Finding[]>}
 */
export async function generationFindings(api, planned, { pause, say, now }) {
  const before = await balance(api);
  const key = `live-check-${randomUUID()}`;
  const create = () =>
    api.ask("POST", "/v1/videos/generations", {
      body: planned.request,
      headers: { "idempotency-key": key },
      page: true,
    });
  const began = now();
  const first = await create();
  const task = first.body?.data ?? first.body;
  const id = task?.id ?? task?.task_id;
  const question = "Is a create call accepted?";
  if (!first.isAnswered || !isSuccess(first) || typeof id !== "string")
    return [
      first.isAnswered
        ? differs(
            ...[
              question,
              `no: ${first.summary}`,
              `\`${planned.request.model}\` cannot be used with this key.`,
            ],
            change(
              "src/domain/api/models.rs",
              `\`${planned.request.model}\`: see the answer ${first.summary}`,
            ),
          )
        : open(question, `${first.summary}; a charge is possible, see your account`),
    ];
  say(`task ${id}`);
  const second = await create();
  const findings = [
    confirmed(question, `${first.status}, ${task.status ?? "no status"}`, "`submit()` works."),
    idFinding(id),
    ...idempotencyFindings(id, second),
  ];
  const estimate = Number(task.task_info?.estimated_time);
  const end = await follow(api, id, { pause, say, now });
  if (end === undefined)
    return [...findings, open("How does the task end?", `not within ${timeoutMs / 60_000} min`)];
  const seconds = Math.round((now() - began) / 1000);
  return [
    ...findings,
    timeFinding(estimate, seconds),
    endFinding(end),
    priceFinding(planned, before, await balance(api), end),
  ];
}

/** @param {string} id */
function idFinding(id) {
  const question = "Which form has an id?";
  const form = id.replace(/\d{10}/, "<seconds>").replace(/[A-Za-z0-9]{8}$/, "<8 characters>");
  return form === "task-unified-<seconds>-<8 characters>"
    ? confirmed(question, form, "The age of a task follows from its id.")
    : differs(
        ...[question, form, "The age of a task is unknown until it has `created`."],
        change("src/domain/task.rs", `read the age from ids such as \`${form}\``),
      );
}

/** @param {string} id @param {Answer} second */
function idempotencyFindings(id, second) {
  const question = "Is the same key charged only once?";
  if (!second.isAnswered) return [open(question, second.summary)];
  if (second.status === 409)
    return [confirmed(question, second.summary, "The second call was refused, and not charged.")];
  const again = second.body?.data ?? second.body;
  const isSame = (again?.id ?? again?.task_id) === id;
  if (!isSame)
    return [
      differs(
        ...[question, "no: the second call has another task", "A retry can be charged twice."],
        change("src/domain/retry.rs", "do not send a create call again unless the server refused it"),
        change("README.md", "say that the API ignores `Idempotency-Key`"),
      ),
    ];
  const name = "idempotency-replayed";
  const isMarked = second.headers.get(name) === "true";
  const isVisible = isSharedWith(second) && exposure(second, [name]).hidden.length === 0;
  return [
    confirmed(question, "yes: both calls have the same task", "A retry is safe."),
    isMarked
      ? confirmed("Does a replay say so?", `yes, \`${name}\``, "`replayed` is `true`.")
      : differs(
          ...["Does a replay say so?", `no \`${name}\``, "`replayed` is always `false`."],
          change("pkg-template/index.d.ts", "`replayed`: say that the API does not report it"),
        ),
    learned(
      ...["Can a page see it?", isVisible ? "yes" : "no"],
      isVisible ? "`replayed` is correct in pages." : "`replayed` is `false` in pages.",
    ),
  ];
}

/**
 * Reads a task until it ends.
 * @param {Api} api
 * @param {string} id
 * @param {Parameters<typeof generationFindings>[2]} context
 * @returns {Promise<any>} the task, or `undefined`
 */
async function follow({ ask }, id, { pause, say, now }) {
  const deadline = now() + timeoutMs;
  let shown = "";
  while (now() < deadline) {
    await pause(pollMs);
    const answer = await ask("GET", `/v1/tasks/${id}`);
    const task = answer.body?.data ?? answer.body;
    const line = isSuccess(answer) ? `${task?.status}, ${task?.progress ?? "?"} %` : answer.summary;
    if (line !== shown) say(line);
    shown = line;
    if (endWords.test(String(task?.status).trim().toLowerCase())) return task;
  }
}

/** @param {any} task */
const isCompleted = ({ status }) => /^(completed|succeeded|success)$/i.test(String(status).trim());

/** @param {number} estimate @param {number} seconds */
function timeFinding(estimate, seconds) {
  const question = "How long does it take?";
  return Number.isFinite(estimate)
    ? learned(question, `${seconds} s, estimated ${estimate} s`, "The poll schedule uses the estimate.")
    : learned(
        ...[question, `${seconds} s, without an estimate`, "The poll schedule uses a default."],
        change(
          "src/domain/api/numbers.rs",
          `\`DEFAULT_ESTIMATE_SECONDS\`: ${seconds} s for the smallest video`,
        ),
      );
}

/** @param {any} task */
function endFinding(task) {
  const question = "Where is the video?";
  const places = ["results", "result_data", "output", "video_url", "result", "url"];
  const place = places.find((name) => /"https?:\/\//.test(JSON.stringify(task[name] ?? null)));
  if (place !== undefined) return confirmed(question, `in \`${place}\``, "`results` has its link.");
  const error = JSON.stringify(task.error ?? null).slice(0, 80);
  if (!isCompleted(task)) return open(question, `the task ${task.status}: ${error}`);
  return differs(
    ...[question, `not in a known place: ${fieldsOf(task)}`, "`results` is empty."],
    change("src/domain/api/link.rs", "add a row with the path of the link"),
  );
}

/**
 * @param {Plan} planned
 * @param {number | undefined} before
 * @param {number | undefined} after
 * @param {any} task
 */
function priceFinding({ request, credits: [low, high] }, before, after, task) {
  const question = "What does it cost?";
  const told = Number(task.usage?.credits_used ?? task.usage?.credits_reserved);
  const difference = before === undefined || after === undefined ? NaN : before - after;
  const paid = Number.isFinite(difference) ? difference : told;
  if (!Number.isFinite(paid)) return open(question, "neither the balance nor the task shows it");
  const rounded = Math.round(paid * 1000) / 1000;
  if (rounded === 0 && !isCompleted(task))
    return confirmed(question, "nothing: the task failed", "Failed tasks are not charged.");
  return rounded >= low * 0.99 && rounded <= high * 1.01
    ? confirmed(question, `${rounded} credits`, "`estimateCost` is right.")
    : differs(
        ...[question, `${rounded} credits, not ${range([low, high])}`, "`estimateCost` is wrong."],
        change(
          "src/domain/api/price.rs",
          `\`${request.model}\`, ${request.quality}: ${rounded / request.duration} credits a second`,
        ),
      );
}

/** @param {Api} api @returns {Promise<number | undefined>} */
async function balance({ ask }) {
  const { body } = await ask("GET", "/v1/credits");
  const value = body?.data?.user?.remaining_credits ?? body?.data?.token?.remaining_credits;
  return typeof value === "number" ? value : undefined;
}
