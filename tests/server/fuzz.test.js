// Random requests: whatever a page sends, the API receives only the calls of a client, with the server's key.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { api, order, origin, setUp } from "./support.js";

/** What the API may receive, defined here and not taken from the package. */
const calls = [
  /^POST https:\/\/api\.example\/v1\/videos\/generations$/,
  /^GET https:\/\/api\.example\/v1\/tasks\/task-[\w-]+$/,
  /^POST https:\/\/api\.example\/v1\/tasks\/batch$/,
  /^GET https:\/\/api\.example\/v1\/credits$/,
  /^POST https:\/\/api\.example\/api\/v1\/files\/upload\/stream$/,
  /^GET https:\/\/api\.example\/api\/v1\/files\/upload-receipts\/[\w.-]+$/,
];

const segment = fc.oneof(
  fc.constantFrom(
    "v1",
    "tasks",
    "batch",
    "videos",
    "generations",
    "credits",
    "models",
    "api",
    "files",
    "upload",
  ),
  fc.constantFrom(
    "stream",
    "upload-receipts",
    "..",
    ".",
    "",
    "%2e%2e",
    "%2f",
    "%00",
    "..%2f",
    "@evil.example",
    "evolink",
  ),
  fc.constantFrom("https:", "evil.example", "v1%2fcredits", "list", "quota", ";a=b", "\\"),
  fc
    .string({ maxLength: 12, unit: "binary" })
    .map((text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, ""))),
);
const known = fc.constantFrom(
  "/v1/videos/generations",
  "/v1/tasks/batch",
  "/v1/tasks",
  "/v1/credits",
  "/v1/models",
  "/api/v1/files/upload/stream",
  "/api/v1/files/upload-receipts/receipt-of-the-page",
  "/v1/tasks/task-unified-1795842544-8o69xbi7.7gluu6LfYt7bMX-akhf13w",
);
const path = fc.oneof(
  known,
  fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join("/")}`),
  fc.tuple(known, segment).map(([start, end]) => `${start}/${end}`),
  fc.tuple(known, segment).map(([start, end]) => `${start}?${end}`),
);
const headers = fc.dictionary(
  fc.constantFrom(
    ...[
      "content-type",
      "idempotency-key",
      "origin",
      "sec-fetch-site",
      "authorization",
      "x-http-method-override",
    ],
    ...[
      "x-evo-upload-id",
      "x-forwarded-host",
      "x-base-url",
      "content-length",
      "host",
      "cookie",
      "x-original-url",
    ],
  ),
  fc.oneof(
    fc.constantFrom(
      "application/json",
      "multipart/form-data; boundary=b",
      "an-idempotency-key-1",
      origin,
      "null",
    ),
    fc.constantFrom("https://evil.example", "same-origin", "cross-site", "Bearer stolen", "DELETE", "7"),
    fc.string({ maxLength: 40 }).map((text) => text.replace(/[^\x20-\x7e]/g, "").trim()),
  ),
);
const strange = fc.anything({ withNullPrototype: false, withBigInt: false });
const jsonOf = (/** @type {unknown} */ value) => JSON.stringify(value) ?? "{}";
const form = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--b--\r\n';
const body = fc.oneof(
  fc.constant(JSON.stringify(order)),
  fc.constant(form),
  fc.json(),
  fc
    .tuple(
      fc.constantFrom("duration", "quality", "image_urls", "n", "callback_url", "model", "generate_audio"),
      strange,
    )
    .map(([field, value]) => jsonOf({ ...order, [field]: value })),
  fc
    .array(fc.oneof(strange, fc.constant(`task-1.${"A".repeat(22)}`)))
    .map((task_ids) => jsonOf({ task_ids })),
  fc.string({ maxLength: 200 }),
);

const json = { "content-type": "application/json" };
const keyed = { ...json, "idempotency-key": "an-idempotency-key-1" };
const upload = {
  "content-type": "multipart/form-data; boundary=b",
  "content-length": String(form.length),
  "x-evo-upload-id": "upload-of-the-page",
};
/** Calls that pass, of which some parts are replaced. */
const call = fc.constantFrom(
  { method: "POST", path: "/v1/videos/generations", headers: keyed, body: JSON.stringify(order) },
  { method: "GET", path: "/v1/credits", headers: {}, body: "" },
  { method: "POST", path: "/api/v1/files/upload/stream", headers: upload, body: form },
);
const part = fc.record(
  {
    method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"),
    path,
    headers,
    body,
  },
  { requiredKeys: [] },
);
const request = fc.oneof(
  fc
    .tuple(call, part)
    .map(([call, part]) => ({ ...call, ...part, headers: { ...call.headers, ...part.headers } })),
  fc.tuple(call, headers).map(([call, headers]) => ({ ...call, headers: { ...call.headers, ...headers } })),
  fc.tuple(call, body).map(([call, body]) => ({ ...call, body })),
);

test("random requests reach nothing but the calls of a client", async () => {
  const { proxy, sent } = setUp({
    allow: {
      models: ["seedance-2.0"],
      credits: true,
      uploads: true,
      files: (url) => url.hostname === "cdn.example",
    },
  });
  let answered = 0;
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(request, fc.boolean(), async ({ method, path, headers, body }, isUser) => {
      /** @type {Request} */
      let request;
      try {
        request = new Request(`${origin}/evolink${path}`, {
          method,
          headers: { ...headers, ...(isUser && { "x-user": "ann" }) },
          body: method === "GET" || method === "HEAD" ? null : body,
        });
      } catch {
        return;
      }
      sent.length = 0;
      const response = await proxy(request);
      answered++;
      if (sent.length > 0) reached++;
      assert.ok(response.status >= 200 && response.status < 600);
      assert.equal(response.headers.get("set-cookie"), null);
      if (!isUser) assert.deepEqual(sent, []);
      for (const { method, url, headers } of sent) {
        assert.ok(
          calls.some((call) => call.test(`${method} ${url}`)),
          `${method} ${url}`,
        );
        assert.ok(url.startsWith(`${api}/`));
        assert.equal(headers.get("authorization"), "Bearer sk-server");
        assert.equal(headers.get("cookie"), null);
      }
    }),
    { numRuns: Number(process.env.PROXY_RUNS ?? 4000) },
  );
  // Otherwise the test would say nothing.
  assert.ok(answered > 1000, String(answered));
  assert.ok(reached > answered / 20, `${reached} of ${answered}`);
});
