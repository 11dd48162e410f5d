// What the apps of all places share: the names that a newcomer imports, and the journey.
import { AuthenticationError, ConfigurationError, ValidationError } from "evolink-video";
import { VideoClient, parseTags, retag, validate } from "evolink-video";
import { journey } from "./journey.mjs";

const library = {
  AuthenticationError,
  ConfigurationError,
  ValidationError,
  VideoClient,
  parseTags,
  retag,
  validate,
};

/** @param {string} baseUrl */
export const travel = (baseUrl) => journey(library, baseUrl);
