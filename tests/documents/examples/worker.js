// Runs the examples for Cloudflare in workerd: those with `step` in a Workflow, the others in a Durable Object.
// @ts-expect-error A module of the host.
import { DurableObject, WorkflowEntrypoint } from "cloudflare:workers";
// @ts-expect-error A module of the host.
import { NonRetryableError } from "cloudflare:workflows";
// @ts-expect-error Written by the test.
import examples from "./examples.js";
import { createGiven, runExample } from "./given.js";

/** Kept, because a Workflow may start again after a sleep. @type {Map<string, any>} */
const givens = new Map();

/** @param {string} file @param {object} lent */
async function run(file, lent) {
  const given = givens.get(file) ?? createGiven();
  givens.set(file, given);
  return runExample(examples[file], { ...given, ...lent });
}

export class Flow extends WorkflowEntrypoint {
  /** @param {{ payload: string, instanceId: string }} event @param {any} step */
  run(event, step) {
    const { env } = /** @type {any} */ (this);
    return run(event.payload, { event, step, env, NonRetryableError });
  }
}

export class Holder extends DurableObject {
  /** @param {Request} request */
  async fetch(request) {
    const { ctx, env } = /** @type {any} */ (this);
    return Response.json(await run(await request.text(), { ctx, env }));
  }

  // The example of `alarm` calls it.
  alarm() {}
}

export default {
  /** @param {Request} request @param {any} env */
  async fetch(request, env) {
    const { file, workflow } = /** @type {any} */ (await request.json());
    if (!workflow)
      return env.HOLDER.get(env.HOLDER.newUniqueId()).fetch(request.url, { method: "POST", body: file });
    const instance = await env.FLOW.create({ params: file });
    for (;;) {
      const { status, output, error } = await instance.status();
      if (status === "complete") return Response.json(output);
      if (status === "errored") return Response.json(JSON.stringify(error));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  },
};
