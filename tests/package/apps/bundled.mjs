// For Node and for pages.
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
const baseUrl = globalThis.process?.env.BASE_URL ?? location.origin;

journey(library, baseUrl).then((facts) => console.log(JSON.stringify(facts)));
