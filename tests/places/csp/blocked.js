import { ConfigurationError, validate } from "/node_modules/evolink-video/index.js";

try {
  validate({});
} catch (error) {
  console.log(JSON.stringify([error instanceof ConfigurationError, error.code, error.message]));
}
