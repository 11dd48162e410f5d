/**
 * Uses the emulator in any host: an upload, a task, its video and its callback.
 *
 * @param {typeof import("../../pkg-template/testing.js").createEmulator} createEmulator
 */
export async function roundTrip(createEmulator) {
  /** @type {string[]} */
  const called = [];
  const emulator = createEmulator({
    taskTime: 0.05,
    async callbackFetch(url) {
      called.push(String(url));
      return new Response();
    },
  });
  const headers = { authorization: "Bearer sk-test" };
  /** @param {string} path @param {RequestInit} init @returns {Promise<any>} */
  const post = async (path, init) => {
    const response = await emulator.fetch(`https://api.example${path}`, { method: "POST", headers, ...init });
    return response.json();
  };

  const body = new FormData();
  body.append("file", new File(["GIF89a"], "a.gif", { type: "image/gif" }));
  const { data: file } = await post("/api/v1/files/upload/stream", { body });
  const stored = await (await emulator.fetch(file.file_url)).text();

  const { id } = await post("/v1/videos/generations", {
    body: JSON.stringify({
      model: "seedance-2.0",
      prompt: "A boat",
      image_urls: [file.file_url],
      callback_url: "https://hooks.example/",
    }),
  });
  /** @type {any} */
  let task;
  do {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const response = await emulator.fetch(`https://api.example/v1/tasks/${id}`, { headers });
    task = await response.json();
  } while (task.status === "pending" || task.status === "processing");
  const video = await emulator.fetch(task.results[0]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    stored,
    type: file.mime_type,
    status: task.status,
    video: video.headers.get("content-type"),
    called,
  };
}
