import { jsonSchema } from "#tables";
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
  },
  jsonSchema,
};
