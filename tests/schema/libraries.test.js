// The request's schema in libraries that accept Standard Schema or Standard JSON Schema.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sValidator } from "@hono/standard-validator";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { InMemoryTransport, McpServer } from "@modelcontextprotocol/server";
import { initTRPC } from "@trpc/server";
import { asSchema, generateText, tool } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { Hono } from "hono";
import { createFormControl } from "react-hook-form";
import { ConfigurationError, videoRequestSchema } from "../../pkg/index.js";

/** @typedef {import("../../pkg/index.js").VideoRequest} VideoRequest */
/** @typedef {import("@standard-schema/spec").StandardSchemaV1<unknown, VideoRequest>} StandardSchema */
/** @typedef {import("@standard-schema/spec").StandardJSONSchemaV1<unknown, VideoRequest>} StandardJsonSchema */
/** @typedef {import("@standard-schema/spec").StandardSchemaV1.InferOutput<typeof videoRequestSchema>} Output */

/** Compiles only if the declared types conform to the standards. @type {StandardSchema & StandardJsonSchema} */
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

describe("Standard JSON Schema v1", () => {
  const { input, output } = schema["~standard"].jsonSchema;
  const drafts = [
    { target: "draft-2020-12", compiler: new Ajv2020({ strict: true }) },
    { target: "draft-07", compiler: new Ajv({ strict: true }) },
  ];

  for (const { target, compiler } of drafts) {
    test(`${target} accepts and rejects the same as the 2020-12 schema`, () => {
      const accepts = compiler.compile(input({ target }));
      const reference = new Ajv2020().compile(videoRequestSchema.jsonSchema);
      for (const request of [
        good,
        bad,
        {},
        { ...good, model: "seedance-2.0-text-to-video" },
        { ...good, model: "seedance-2.0-image-to-video", image_urls: [] },
        { model: "seedance-2.5-text-to-video", prompt: "A boat", duration: 30 },
        { model: "seedance-9.0", prompt: "A boat", duration: 60 },
      ]) {
        assert.equal(accepts(request), reference(request), JSON.stringify(request));
      }
      assert.deepEqual([accepts(good), accepts(bad)], [true, false]);
    });
  }

  test("returns a copy for each call", () => {
    const changed = input({ target: "draft-2020-12" });
    changed.additionalProperties = false;
    Object.assign(/** @type {any} */ (changed.properties).model, { description: "Changed" });
    assert.deepEqual(output({ target: "draft-2020-12" }), videoRequestSchema.jsonSchema);
  });

  test("throws for an unsupported target", () => {
    assert.throws(
      () => input({ target: "openapi-3.0" }),
      (error) =>
        error instanceof ConfigurationError &&
        error.code === "unsupported_target" &&
        error.message.includes('"openapi-3.0"'),
    );
  });
});

test("its output type is a valid request", () => {
  /** @type {Output} */
  const output = good;
  /** @type {readonly import("../../pkg-template/index.js").Source[] | undefined} */
  const images = output.image_urls;
  assert.equal(images?.length, 1);
});

test("`validate` never throws", () => {
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

  test("passes a valid request to the route", async () => {
    const response = await post(good);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), good);
  });

  test("responds with 400 and the issues of an invalid request", async () => {
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

  test("passes a typed valid request to the procedure", async () => {
    assert.equal(await caller.seconds({ ...good, duration: 8 }), 8);
  });

  test("rejects an invalid request with BAD_REQUEST and the issues", async () => {
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

describe("the AI SDK", () => {
  /** A mock model that calls the tool with this input. @param {unknown} input */
  const modelCalling = (input) =>
    new MockLanguageModelV3({
      doGenerate: async () => ({
        content: [
          { type: "tool-call", toolCallId: "call-1", toolName: "video", input: JSON.stringify(input) },
        ],
        finishReason: { unified: "tool-calls", raw: undefined },
        usage: {
          inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 1, text: 1, reasoning: 0 },
        },
        warnings: [],
      }),
    });

  /** @param {unknown} input */
  async function callTool(input) {
    /** @type {VideoRequest[]} */
    const requests = [];
    const model = modelCalling(input);
    const video = tool({
      description: "Generates a video",
      inputSchema: videoRequestSchema,
      execute: (request) => void requests.push(request),
    });
    const result = await generateText({ model, prompt: "A video, please", tools: { video } });
    return { requests, result, call: model.doGenerateCalls[0] };
  }

  test("passes the schema to the model, and a valid request to the tool", async () => {
    const { requests, call } = await callTool(good);
    assert.deepEqual(requests, [good]);
    const [{ inputSchema }] = /** @type {any} */ (call.tools);
    assert.equal(inputSchema.type, "object");
    assert.deepEqual(Object.keys(inputSchema.properties).slice(0, 2), ["model", "prompt"]);
  });

  test("reports an invalid request to the model without running the tool", async () => {
    const { requests, result } = await callTool(bad);
    assert.deepEqual(requests, []);
    const [call] = result.toolCalls;
    assert.equal(call.invalid, true);
    assert.match(String(call.error), /4 to 15 seconds/);
  });

  test("converts it with asSchema", async () => {
    const read = asSchema(videoRequestSchema);
    assert.equal(
      /** @type {any} */ (await read.jsonSchema).$schema,
      "http://json-schema.org/draft-07/schema#",
    );
    assert.deepEqual(await read.validate?.(good), { success: true, value: good });
  });
});

describe("the MCP SDK", () => {
  /**
   * Sends requests from a client to a server, and returns the results.
   * @param {{ method: string, params: Record<string, unknown> }[]} requests
   * @returns {Promise<any[]>}
   */
  async function sendRequests(...requests) {
    const server = new McpServer({ name: "videos", version: "1.0.0" });
    server.registerTool("video", { inputSchema: videoRequestSchema }, async (request) => ({
      content: [{ type: "text", text: `${request.model}, ${request.image_urls?.length} image` }],
    }));
    const [client, transport] = InMemoryTransport.createLinkedPair();
    await server.connect(transport);
    /** @type {any[]} */
    const responses = [];
    const received = new Promise((resolve) => {
      client.onmessage = (message) =>
        void (responses.push(message) === requests.length + 1 && resolve(responses));
    });
    await client.start();
    const clientInfo = { name: "test", version: "1.0.0" };
    const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo };
    await client.send({ jsonrpc: "2.0", id: 0, method: "initialize", params });
    await client.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    for (const [index, request] of requests.entries()) {
      await client.send({ jsonrpc: "2.0", id: index + 1, ...request });
    }
    await received;
    await server.close();
    return responses
      .sort((one, other) => one.id - other.id)
      .slice(1)
      .map(({ result }) => result);
  }

  test("lists the schema, runs the tool with a valid request, and rejects an invalid one", async () => {
    const call = (/** @type {object} */ input) => ({
      method: "tools/call",
      params: { name: "video", arguments: input },
    });
    const [list, run, rejected] = await sendRequests(
      { method: "tools/list", params: {} },
      call(good),
      call(bad),
    );
    assert.equal(list.tools[0].inputSchema.$schema, "https://json-schema.org/draft/2020-12/schema");
    assert.deepEqual(list.tools[0].inputSchema.required, ["model", "prompt"]);
    assert.equal(run.content[0].text, "seedance-2.0, 1 image");
    assert.equal(rejected.isError, true);
    assert.match(rejected.content[0].text, /4 to 15 seconds/);
  });
});

describe("React Hook Form", () => {
  /** @param {VideoRequest} defaultValues */
  async function submitForm(defaultValues) {
    const form = createFormControl({ defaultValues, resolver: standardSchemaResolver(videoRequestSchema) });
    /** @type {{ sent?: VideoRequest, errors?: any }} */
    const outcome = {};
    await form.handleSubmit(
      (sent) => void (outcome.sent = sent),
      (errors) => void (outcome.errors = errors),
    )();
    return outcome;
  }

  test("submits a valid request", async () => {
    assert.deepEqual(await submitForm(good), { sent: good });
  });

  test("shows issues at their fields without submitting", async () => {
    const { sent, errors } = await submitForm(bad);
    assert.equal(sent, undefined);
    assert.deepEqual(Object.keys(errors), ["image_urls", "duration"]);
    assert.equal(errors.image_urls[0], undefined);
    assert.match(errors.image_urls[1].message, /no scheme: "1\.jpg"/);
    assert.match(errors.duration.message, /4 to 15 seconds/);
  });
});
