// Programs that send a request and wait for the video.

import { finalStatuses } from "../final-statuses.js";
import { endpoints } from "../package.js";

/** @typedef {Record<string, unknown>} Body the JSON of a request */

/** @typedef {{ id: string, label: string, write: (body: Body, baseUrl: string) => string }} Snippet */

/** @type {readonly Snippet[]} */
export const snippets = [
  { id: "json", label: "JSON", write: (body) => JSON.stringify(body, null, 2) },
  { id: "curl", label: "cURL", write: curl },
  { id: "javascript", label: "JavaScript", write: javaScript },
  { id: "python", label: "Python", write: python },
];

/** @param {Body} body @param {string} baseUrl */
function curl(body, baseUrl) {
  const data = JSON.stringify(body, null, 2).replaceAll("'", "'\\''");
  return `curl --fail-with-body '${baseUrl}${endpoints.generations}' \\
  -H "Authorization: Bearer $EVOLINK_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -H "Idempotency-Key: order-$(date +%s)-$$-0000" \\
  --data '${data}'
`;
}

/** @param {Body} body @param {string} baseUrl */
function javaScript(body, baseUrl) {
  return `import { VideoClient } from "evolink-video";

const client = new VideoClient({
  apiKey: process.env.EVOLINK_API_KEY,
  baseUrl: ${JSON.stringify(baseUrl)},
});
const task = await client.generate(${JSON.stringify(body, null, 2)});
console.log(task.results[0]);
`;
}

/** @param {Body} body @param {string} baseUrl */
function python(body, baseUrl) {
  return `import json, os, time, uuid
from urllib.request import Request, urlopen

def call(path, body=None, headers={}):
    headers = {"Authorization": "Bearer " + os.environ["EVOLINK_API_KEY"], **headers}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(${pythonLiteral(baseUrl)} + path, data, headers)) as answer:
        return json.load(answer)

request = ${pythonLiteral(body)}
# The same key with the same request is charged once.
headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
task = call(${pythonLiteral(endpoints.generations)}, request, headers)
while task["status"] not in (${finalStatuses.map((status) => JSON.stringify(status)).join(", ")}):
    time.sleep(5)
    task = call(${pythonLiteral(endpoints.task)} + task["id"])
print(task["results"][0] if task.get("results") else task)
`;
}

/** @param {unknown} value @param {string} [indent] @returns {string} */
function pythonLiteral(value, indent = "") {
  const inner = `${indent}    `;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value))
    return `[${value.map((item) => `\n${inner}${pythonLiteral(item, inner)},`).join("")}\n${indent}]`;
  if (typeof value === "object")
    return `{${Object.entries(value)
      .map(([key, item]) => `\n${inner}${JSON.stringify(key)}: ${pythonLiteral(item, inner)},`)
      .join("")}\n${indent}}`;
  // Python knows the escapes of JSON, but not two escapes for one character beyond U+FFFF, which JSON writes as it is.
  return JSON.stringify(value);
}
