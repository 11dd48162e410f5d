import * as library from "evolink-video";
import { AuthenticationError, validate, VideoClient } from "evolink-video";
import type { CompletedTask, Mode, VideoRequest } from "evolink-video";
import * as rules from "evolink-video/rules";
import { createEmulator } from "evolink-video/testing";
import { journey } from "./journey.mjs";

const request: VideoRequest = { model: "seedance-2.0", prompt: "A cat walks through snow" };
const checked = validate(request);
export const mode: Mode | undefined = checked.valid ? checked.mode : undefined;

export const same: Mode | null = rules.detectMode(request);

export async function generate(): Promise<CompletedTask | number | undefined> {
  const client = new VideoClient({ apiKey: "any", fetch: createEmulator().fetch });
  try {
    return await client.generate(request);
  } catch (error) {
    if (error instanceof AuthenticationError) return error.status;
    throw error;
  }
}

// @ts-expect-error The package has types, not `any`.
export const wrong: number = checked;

console.log(JSON.stringify(await journey(library, rules, String(process.env.BASE_URL))));
