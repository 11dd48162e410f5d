// What can be the id of a task: the module decides, and the scripts must decide the same where they have no module.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isTaskId } from "../../pkg-template/task-id.js";
import { importPackage, installPackage } from "../support/packed.js";
import ids from "../client/task-ids.json" with { type: "json" };

const library = await importPackage(await installPackage());

/** Whether the client asks the API for it. @param {string} id */
async function isAsked(id) {
  let asked = false;
  const client = new library.VideoClient({
    apiKey: "sk-test",
    maxRetries: 0,
    fetch: async () => {
      asked = true;
      return new Response("{}", { status: 404 });
    },
  });
  await client.retrieve(id).catch(() => {});
  return asked;
}

describe("an id of a task", () => {
  for (const [name, expected] of /** @type {["valid" | "invalid", boolean][]} */ ([
    ["valid", true],
    ["invalid", false],
  ]))
    for (const id of ids[name])
      test(`${name}: ${JSON.stringify(id)}`, async () => {
        assert.equal(isTaskId(id), expected, "the scripts");
        assert.equal(await isAsked(id), expected, "the module");
      });

  test("is a string", () => {
    for (const value of [undefined, null, 7, {}, ["task-1"]]) assert.equal(isTaskId(value), false);
  });
});
