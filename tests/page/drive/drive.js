// Uses the page in a frame as a user would, and writes what it saw into the body as JSON: for browsers that have no more
// than WebDriver.

/** @param {() => unknown} condition @param {string} what */
async function until(condition, what) {
  for (let tries = 0; tries < 400; tries++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`timeout: ${what}`);
}

async function drive() {
  const frame = document.createElement("iframe");
  frame.width = "1200";
  frame.height = "900";
  frame.src = "/";
  document.body.append(frame);
  /** @type {string[]} */
  const errors = [];
  const page = () => /** @type {Document} */ (frame.contentDocument);
  const find = (/** @type {string} */ selector) => /** @type {any} */ (page().querySelector(selector));
  // A document that has just been begun has no element yet.
  const isReady = () => page().documentElement?.dataset.ready !== undefined;
  await until(isReady, "the page");
  frame.contentWindow?.addEventListener("error", ({ message }) => errors.push(message));
  frame.contentWindow?.addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));

  const prompt = find("#prompt");
  prompt.focus();
  prompt.value = "@Image1 as first frame, @Image7 too";
  prompt.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await until(() => find("#issues li.error"), "an issue");
  const marks = [...page().querySelectorAll("#mirror mark")].map(({ textContent }) => textContent);
  find("#issues li.error .fix").click();
  const fixed = prompt.value;
  find("#undo").click();
  const undone = prompt.value;
  find("#redo").click();

  const speed = find("#speed");
  speed.value = "3";
  speed.dispatchEvent(new Event("change"));
  find("#generate").click();
  await until(() => find(".job.waiting"), "the task");
  frame.contentWindow?.location.reload();
  await until(() => !frame.contentDocument || page().readyState !== "complete" || !isReady(), "the reload");
  await until(() => frame.contentDocument && isReady(), "the page after the reload");
  const kept = find("#prompt").value;
  await until(() => find(".job.done"), "the video");
  const orders = JSON.parse(localStorage.getItem("evolink-video:emulator") ?? "[]").length;
  return { marks, fixed, undone, kept, orders, hasVideo: find(".job.done video") !== null, errors };
}

const facts = await drive().catch((error) => ({ error: String(error) }));
document.body.replaceChildren(JSON.stringify(facts));
