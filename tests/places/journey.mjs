/** @typedef {typeof import("../../pkg-template/index.js")} Library */
/** @typedef {Pick<Library, "VideoClient" | "validate" | "parseTags" | "retag" | "AuthenticationError" | "ConfigurationError" | "ValidationError">} Used */
/** @typedef {Awaited<ReturnType<typeof journey>>} Facts */

/**
 * Uses the package, the same in every place. Returns plain JSON for the tests.
 * @param {Used} library evolink-video
 * @param {Pick<Library, "validate" | "parseTags" | "ValidationError">} rules evolink-video/rules
 * @param {string} baseUrl
 */
export async function journey(library, rules, baseUrl) {
  const { VideoClient, validate, parseTags, retag } = library;
  const prompt = "@Image1 as scene 🎬, then @Image2";
  const good = {
    model: "seedance-2.0",
    prompt,
    image_urls: ["https://a.example/1.jpg", "https://a.example/2.jpg"],
  };
  const bad = { model: "seedance-2.0", prompt: "@Image3", duration: "8", image_urls: good.image_urls };

  // Where a literal key is rejected, a function returns it.
  const literal = caught(() => new VideoClient({ apiKey: "sk-good", baseUrl }));
  const client = (/** @type {string} */ key) =>
    new VideoClient({ apiKey: literal ? async () => key : key, baseUrl });

  const checked = validate(good);
  const rejected = validate(bad);
  const wrongType = caught(() => rules.parseTags(/** @type {any} */ (5)));
  const unsent = await client("sk-good")
    .generate(/** @type {any} */ (bad))
    .catch((error) => error);
  /** @type {Set<string>} */
  const statuses = new Set();
  const task = await client("sk-good").generate(good, { onUpdate: ({ status }) => statuses.add(status) });
  // An image of 640 by 480 pixels, and an HTML page with the name of an image.
  const picture = Uint8Array.from(atob("R0lGODlhgALgAYAAAAAAAP///ywAAAAAgALgAQACAkQBADs="), (letter) =>
    letter.charCodeAt(0),
  );
  const page = new Blob(["<!doctype html><title>A page</title>"], { type: "image/png" });
  const fromFile = (/** @type {Blob} */ file) =>
    client("sk-good")
      .generate({ model: "seedance-2.0", prompt: "@Image1 turns around", image_urls: [file] })
      .catch((error) => error);
  const uploaded = await fromFile(new Blob([picture]));
  const refused = await fromFile(page);
  const unauthorized = await client("sk-rejected")
    .submit(good)
    .catch((error) => error);

  return {
    literalKey: literal
      ? { isConfigurationError: literal instanceof library.ConfigurationError }
      : "accepted",
    good: checked.valid && { mode: checked.mode, request: checked.request },
    bad: !rejected.valid && rejected.errors.map(({ path, code }) => `${path.join(".")}: ${code}`),
    rules: {
      same:
        JSON.stringify([good, bad].map((request) => rules.validate(request))) ===
        JSON.stringify([checked, rejected]),
      isValidationError: [library, rules].every(
        ({ ValidationError }) => wrongType instanceof ValidationError,
      ),
    },
    tags: parseTags(prompt).map(({ text, start, role }) => [text, start, role]),
    retagged: retag(prompt, "image", { move: [2, 1] }).prompt,
    unsent: {
      isValidationError: unsent instanceof library.ValidationError,
      isError: unsent instanceof Error,
      name: unsent.name,
      charged: unsent.charged,
      issues: unsent.issues?.length,
    },
    task: { status: task.status, link: task.results[0], first: [...statuses][0], last: [...statuses].at(-1) },
    files: {
      uploaded: uploaded.status ?? uploaded.code,
      refused:
        refused.issues?.map(
          (/** @type {{ code: string, message: string }} */ { code, message }) => `${code}: ${message}`,
        ) ?? refused.code,
    },
    unauthorized: {
      isAuthenticationError: unauthorized instanceof library.AuthenticationError,
      isValidationError: unauthorized instanceof library.ValidationError,
      name: unauthorized.name,
      status: unauthorized.status,
      charged: unauthorized.charged,
    },
  };
}

/** @param {() => unknown} work */
function caught(work) {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
