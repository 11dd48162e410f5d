"use server";
import { EvolinkError, VideoClient } from "evolink-video";

/**
 * Next.js hides the messages of thrown errors from pages, so they are returned.
 * @param {import("evolink-video").VideoRequest} request
 */
export async function generate(request) {
  const client = new VideoClient({ apiKey: "sk-good", baseUrl: process.env.BASE_URL });
  try {
    return { task: await client.generate(request) };
  } catch (error) {
    return { error: EvolinkError.from(error).toJSON() };
  }
}
