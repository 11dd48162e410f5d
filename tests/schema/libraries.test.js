// Libraries that take any Standard Schema take the request's.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sValidator } from "@hono/standard-validator";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { initTRPC } from "@trpc/server";
import { Hono } from "hono";
import { createFormControl } from "react-hook-form";
import { videoRequestSchema } from "../../pkg/index.js";

/** @typedef {import("../../pkg/index.js").VideoRequest} VideoRequest */
/** @typedef {import("@standard-schema/spec").StandardSchemaV1<unknown, VideoRequest>} StandardSchema */
/** @typedef {import("@standard-schema/spec").StandardSchemaV1.InferOutput<typeof videoRequestSchema>} Output */

/** Does not compile unless the declared type is one of the standard. @type {StandardSchema} */
const schema = videoRequestSchema;

const good = {
  model: "seedance-2.0",
  prompt: "@Image1 comes alive",
  image_urls: ["https://a.example/1.jpg"],
};
const bad = { ...good, duration: 99, image_urls: ["https://a.example/1.jpg", "1.jpg"] };

test("follows Standard Schema v1", () => {
  const { version, vendor, validate } = schema["~standard"];
  assert.deepEqual([version, vendor], [1, "evolink-video"]);
  assert.deepEqual(validate({ ...good, duration: undefined }), { value: good });
  const { issues } = /** @type {import("@standard-schema/spec").StandardSchemaV1.FailureResult} */ (
    validate(bad)
  );
  assert.deepEqual(
    issues.map(({ path }) => path),
    [["image_urls", 1], ["duration"]],
  );
  for (const { message } of issues) assert.match(message, /^`.+\.$/);
});

test("tells the type of what it lets through", () => {
  /** @type {Output} */
  const output = good;
  /** @type {readonly string[] | undefined} */
  const images = output.image_urls;
  assert.equal(images?.length, 1);
});

test("never throws, whatever it is given", () => {
  for (const value of [undefined, null, 1n, Symbol("s"), () => {}, new Map(), [], Object.create(null)]) {
    assert.ok(/** @type {any} */ (schema["~standard"].validate(value)).issues.length > 0);
  }
});

describe("Hono", () => {
  const app = new Hono().post("/videos", sValidator("json", videoRequestSchema), (context) => {
    /** @type {VideoRequest} */
    const request = context.req.valid("json");
    return context.json(request);
  });
  /** @param {unknown} body */
  const post = (body) =>
    app.request("/videos", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  test("hands a good request to the route", async () => {
    const response = await post(good);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), good);
  });

  test("answers 400 with the issues of a bad one", async () => {
    const response = await post(bad);
    assert.equal(response.status, 400);
    const { success, error } = await response.json();
    assert.equal(success, false);
    assert.deepEqual(
      error.map((/** @type {any} */ issue) => [issue.path, issue.code]),
      [
        [["image_urls", 1], "invalid_url"],
        [["duration"], "out_of_range"],
      ],
    );
  });
});

describe("tRPC", () => {
  const { createCallerFactory, procedure, router } = initTRPC.create();
  const caller = createCallerFactory(
    router({
      seconds: procedure.input(videoRequestSchema).mutation(({ input }) => {
        /** @type {number | undefined} */
        const duration = input.duration;
        return duration ?? 5;
      }),
    }),
  )({});

  test("hands a good request to the procedure, typed", async () => {
    assert.equal(await caller.seconds({ ...good, duration: 8 }), 8);
  });

  test("refuses a bad one with BAD_REQUEST and the issues", async () => {
    await assert.rejects(caller.seconds(bad), (/** @type {any} */ error) => {
      assert.equal(error.code, "BAD_REQUEST");
      assert.deepEqual(
        error.cause.issues.map((/** @type {any} */ issue) => issue.code),
        ["invalid_url", "out_of_range"],
      );
      return true;
    });
  });
});

describe("React Hook Form", () => {
  /** A form wants to know what goes in, too. */
  const formSchema =
    /** @type {import("@standard-schema/spec").StandardSchemaV1<VideoRequest, VideoRequest>} */ (
      videoRequestSchema
    );

  /** @param {VideoRequest} defaultValues */
  async function submitted(defaultValues) {
    const form = createFormControl({ defaultValues, resolver: standardSchemaResolver(formSchema) });
    /** @type {{ sent?: VideoRequest, errors?: any }} */
    const outcome = {};
    await form.handleSubmit(
      (sent) => void (outcome.sent = sent),
      (errors) => void (outcome.errors = errors),
    )();
    return outcome;
  }

  test("submits a good request", async () => {
    assert.deepEqual(await submitted(good), { sent: good });
  });

  test("shows each issue at its field, and submits nothing", async () => {
    const { sent, errors } = await submitted(bad);
    assert.equal(sent, undefined);
    assert.deepEqual(Object.keys(errors), ["image_urls", "duration"]);
    assert.equal(errors.image_urls[0], undefined);
    assert.match(errors.image_urls[1].message, /no scheme: "1\.jpg"/);
    assert.match(errors.duration.message, /4 to 15 seconds/);
  });
});
