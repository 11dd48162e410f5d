// Shared by the apps of all places: imports as a new user writes them, and the journey.
import { AuthenticationError, ConfigurationError, ValidationError } from "evolink-video";
import { VideoClient, parseTags, retag, validate } from "evolink-video";
import * as rules from "evolink-video/rules";
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
export const runJourney = (baseUrl) => journey(library, rules, baseUrl);
