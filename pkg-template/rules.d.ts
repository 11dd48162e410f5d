// The rules alone: for forms, and for servers that only check requests. The same functions and classes as in
// evolink-video, over a smaller module.

export {
  ConfigurationError,
  detectMode,
  estimateTokens,
  EvolinkError,
  limits,
  parseTags,
  ready,
  retag,
  validate,
  ValidationError,
  version,
  videoRequestSchema,
} from "./index.js";
export type {
  AspectRatio,
  FileLimits,
  Issue,
  IssueCode,
  Limits,
  Mode,
  Model,
  Quality,
  Role,
  StandardSchemaV1,
  Tag,
  Validation,
  VideoRequest,
} from "./index.js";
