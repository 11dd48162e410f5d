/**
 * The inputs of a model, in addition to the reference's limits for every request.
 *
 * @typedef {object} Family
 * @property {[min: number, max: number]} images
 * @property {number} videos
 * @property {number} audios
 * @property {boolean} audioAlone whether audio is allowed without an image or a video
 */

/** [ref] The reference's model: any combination of inputs. */
/** @type {Family} */
const everyMode = { images: [0, 9], videos: 3, audios: 3, audioAlone: true };

/** [doc] The families of the vendor's model list. */
/** @type {Record<string, Family>} */
const families = {
  "text-to-video": { images: [0, 0], videos: 0, audios: 0, audioAlone: true },
  "image-to-video": { images: [1, 2], videos: 0, audios: 0, audioAlone: true },
  "reference-to-video": {
    images: [0, 9],
    videos: 3,
    audios: 3,
    audioAlone: false,
  },
};

/** One from [ref], nine from [doc]. */
export const knownModels = [
  "seedance-2.0",
  ...["seedance-2.0", "seedance-2.0-fast", "seedance-2.0-mini"].flatMap((tier) =>
    Object.keys(families).map((family) => `${tier}-${family}`),
  ),
];

/**
 * @param {string} model
 * @returns {Family}
 */
export function familyOf(model) {
  const name = Object.keys(families).find((name) => model.endsWith(`-${name}`));
  return name === undefined ? everyMode : families[name];
}

/**
 * [doc] Only the standard models support 1080p.
 *
 * @param {string} model
 */
export function qualitiesOf(model) {
  return /-(fast|mini)-/.test(model) ? ["480p", "720p"] : ["480p", "720p", "1080p"];
}

/**
 * [ref] 165 s in the reference's example; [doc] 120 s for fast models.
 *
 * @param {string} model
 */
export function estimateOf(model) {
  return model.includes("-fast-") ? 120 : 165;
}

/**
 * [doc] Of these models, only standard and fast text-to-video do. The reference's model stands for the variant that
 * its inputs need.
 *
 * @param {string} model
 */
export function searchesWeb(model) {
  return (
    !knownModels.includes(model) ||
    model === "seedance-2.0" ||
    (model.endsWith("-text-to-video") && !model.includes("-mini-"))
  );
}
