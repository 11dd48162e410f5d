/**
 * The rules without the client, with a smaller module: for forms, and for servers that only validate requests. All
 * functions and classes are those of `evolink-video`, and documented there.
 * @module evolink-video/rules
 */

export {
  ConfigurationError,
  detectMode,
  endpoints,
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
  CostOptions,
  Credits,
  ErrorCode,
  ErrorFields,
  ErrorJson,
  FileLimits,
  Issue,
  IssueCode,
  Limits,
  Mode,
  Model,
  PriceTable,
  Quality,
  Role,
  SchemaOptions,
  SchemaResult,
  StandardSchemaV1,
  Tag,
  TokenEstimate,
  Validation,
  ValidationOptions,
  VideoRequest,
} from "./index.js";
