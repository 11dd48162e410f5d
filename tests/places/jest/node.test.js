const { ConfigurationError, VideoClient, validate } = require("evolink-video");
const { parseTags } = require("evolink-video/rules");
const { createEmulator } = require("evolink-video/testing");

test("validates, generates and rejects with the classes of the package", async () => {
  expect(validate({ model: "seedance-2.0", prompt: "A cat" }).valid).toBe(true);
  expect(parseTags("@Image1")[0].index).toBe(1);
  const { fetch, baseUrl } = createEmulator({ taskTime: 0.1 });
  const client = new VideoClient({ apiKey: "any", fetch, baseUrl });
  expect((await client.generate({ model: "seedance-2.0", prompt: "A cat" })).status).toBe("completed");
  await expect(client.retrieve("not an id")).rejects.toBeInstanceOf(ConfigurationError);
});
