const { ConfigurationError, validate } = require("evolink-video");

test("says what jsdom lacks, and works once it is there", () => {
  const request = { model: "seedance-2.0", prompt: "A cat" };
  expect(() => validate(request)).toThrow(ConfigurationError);
  expect(() => validate(request)).toThrow(/no TextDecoder.*require\('node:util'\)/);
  const { TextDecoder, TextEncoder } = require("node:util");
  Object.assign(globalThis, { TextDecoder, TextEncoder });
  expect(validate(request).valid).toBe(true);
});
