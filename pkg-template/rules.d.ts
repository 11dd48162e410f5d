// The rules alone: for forms, and for servers that only check requests. The same functions and classes as in
// evolink-video, over a smaller module.

export {
  ConfigurationError,
  detectMode,
  estimateCost,
  estimateTokens,
  EvolinkError,
  knownModels,
  limits,
  limitsFor,
  parseTags,
  prices,
  ready,
  resolveModel,
  retag,
  validate,
  ValidationError,
  version,
  videoRequestSchema,
} from "./index.js";
export type {
  AspectRatio,
  CostEstimate,
  FileLimits,
  Issue,
  IssueCode,
  Limits,
  Mode,
  Model,
  PriceTable,
  Quality,
  Role,
  StandardSchemaV1,
  Tag,
  Validation,
  VideoRequest,
} from "./index.js";
