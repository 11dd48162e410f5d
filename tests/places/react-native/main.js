import { ConfigurationError, VideoClient, validate } from "evolink-video";
import * as rules from "evolink-video/rules";

const request = { model: "seedance-2.0", prompt: "A cat" };

const factsOf = (error) => ({
  isConfigurationError: error instanceof ConfigurationError,
  code: error.code,
  message: error.message,
});

function caught(work) {
  try {
    work();
  } catch (error) {
    return factsOf(error);
  }
  return undefined;
}

print(
  JSON.stringify([
    typeof WebAssembly,
    caught(() => validate(request)),
    caught(() => rules.validate(request)),
    caught(() => new VideoClient({ baseUrl: "https://app.example/evolink" })),
  ]),
);
