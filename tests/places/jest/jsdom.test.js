const { ConfigurationError, validate } = require("evolink-video");
const { createEmulator } = require("evolink-video/testing");

test("says what jsdom lacks, and works once it is there", () => {
  const request = { model: "seedance-2.0", prompt: "A cat" };
  expect(() => validate(request)).toThrow(ConfigurationError);
  expect(() => validate(request)).toThrow(/no TextDecoder.*jest-fixed-jsdom/);
  const { TextDecoder, TextEncoder } = require("node:util");
  Object.assign(globalThis, { TextDecoder, TextEncoder });
  expect(validate(request).valid).toBe(true);
});

test("the emulator says what jsdom lacks", () => {
  expect(() => createEmulator()).toThrow(/needs `Request`.*jest-fixed-jsdom/);
});
