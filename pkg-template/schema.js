import { jsonSchema } from "#tables";
import { ConfigurationError } from "./errors.js";
import { validate } from "./functions.js";

/** @type {typeof import("./index.js").videoRequestSchema} */
export const videoRequestSchema = {
  "~standard": {
    version: 1,
    vendor: "evolink-video",
    validate(value) {
      const validation = validate(value);
      return validation.valid ? { value: validation.request } : { issues: validation.errors };
    },
    // `validate` returns a valid request unchanged, so one schema describes input and output.
    jsonSchema: { input: schemaFor, output: schemaFor },
  },
  jsonSchema,
};

/**
 * A copy, because libraries add keywords to the schema they receive.
 * @param {{ target: string }} options
 * @returns {Record<string, unknown>}
 */
function schemaFor({ target } = /** @type {any} */ ({})) {
  const schema = JSON.parse(JSON.stringify(jsonSchema));
  if (target === "draft-2020-12") return schema;
  if (target !== "draft-07") {
    throw new ConfigurationError(
      `\`target\` must be "draft-2020-12" or "draft-07", but it is ${JSON.stringify(target)}.`,
      { code: "unsupported_target" },
    );
  }
  // The only keyword of the schema with another name in draft 7.
  const { dependentSchemas, ...rest } = schema;
  return { ...rest, $schema: "http://json-schema.org/draft-07/schema#", dependencies: dependentSchemas };
}
