const { VideoClient } = require("evolink-video");
const { createEmulator } = require("evolink-video/testing");

test("generates in a page of jest-fixed-jsdom", async () => {
  document.body.innerHTML = "<video></video>";
  const { fetch } = createEmulator({ taskTime: 0.1 });
  const client = new VideoClient({ apiKey: "any", dangerouslyAllowBrowser: true, fetch });
  const { results } = await client.generate({ model: "seedance-2.0", prompt: "A cat" });
  document.querySelector("video").src = results[0];
  expect(document.body.innerHTML).toContain(results[0]);
});
