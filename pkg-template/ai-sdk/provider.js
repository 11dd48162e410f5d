import { ConfigurationError } from "../errors.js";
import { VideoClient } from "../index.js";
import { createModel } from "./model.js";

/** @typedef {import("../ai-sdk.js").EvolinkOptions<"v3" | "v4">} Options */

/** @type {(options: any) => any} */
export function createEvolink({ specificationVersion = "v4", upload, client, ...options } = {}) {
  if (!["v3", "v4"].includes(specificationVersion))
    throw invalid(
      `\`specificationVersion\` is ${JSON.stringify(specificationVersion)}, but must be "v3" or "v4".`,
    );
  const [extra] = Object.keys(options);
  if (client && extra) throw invalid(`\`${extra}\` is an option of the client.`);
  client ??= new VideoClient(options);

  const video = (/** @type {string} */ modelId) =>
    createModel({ client, modelId, specificationVersion, upload });
  // Providers can be called, and registries read their properties.
  return Object.assign((/** @type {string} */ modelId) => video(modelId), {
    specificationVersion,
    video,
    videoModel: video,
    languageModel: missing("languageModel"),
    embeddingModel: missing("embeddingModel"),
    imageModel: missing("imageModel"),
  });
}

/** @param {string} message */
const invalid = (message) => new ConfigurationError(message);

/** @param {string} modelType */
function missing(modelType) {
  return (/** @type {string} */ modelId) => {
    // What `NoSuchModelError.isInstance` of the SDK looks for.
    throw Object.assign(invalid(`No such ${modelType}: ${modelId}`), {
      [Symbol.for("vercel.ai.error.AI_NoSuchModelError")]: true,
    });
  };
}
