import library = require("evolink-video");
import rules = require("evolink-video/rules");
import testing = require("evolink-video/testing");

const request: library.VideoRequest = { model: "seedance-2.0", prompt: "A cat walks through snow" };
const checked = library.validate(request);

export const mode: library.Mode | null = rules.detectMode(request);

export async function generate(): Promise<library.CompletedTask> {
  const client = new library.VideoClient({ apiKey: "any", fetch: testing.createEmulator().fetch });
  return client.generate(request);
}

// @ts-expect-error The package has types, not `any`.
export const wrong: number = checked;

import("./journey.mjs")
  .then(({ journey }) => journey(library, rules, String(process.env.BASE_URL)))
  .then((facts) => console.log(JSON.stringify(facts)));
