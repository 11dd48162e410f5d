import { ValidationError } from "../errors.js";
import { limitsFor } from "../index.js";

/**
 * The quality and the aspect ratio with this size. Another size is an error: any other video would be charged too.
 * @param {string} resolution such as `"1280x720"`
 * @param {{ model: string, quality?: string, aspect_ratio?: string }} request
 */
export function pixelsToFields(resolution, { model, quality, aspect_ratio }) {
  const [width, height] = resolution.split("x").map(Number);
  const sizes = Object.entries(limitsFor(model).outputPixels).flatMap(([quality, ratios]) =>
    Object.entries(ratios).map(([aspect_ratio, size]) => ({ quality, aspect_ratio, size })),
  );
  const distance = (/** @type {readonly number[]} */ size) =>
    Math.abs(size[0] - width) + Math.abs(size[1] - height);
  const [nearest] = sizes.sort((a, b) => distance(a.size) - distance(b.size));
  const given = JSON.stringify(resolution);
  if (!nearest || distance(nearest.size) !== 0) {
    const hint = nearest ? ` Did you mean "${nearest.size.join("x")}"?` : "";
    throw new ValidationError(`\`resolution\` is ${given}, but no quality has this size.${hint}`);
  }
  const { size, ...fields } = nearest;
  const all = Object.entries({
    ...fields,
    ...(quality && { quality }),
    ...(aspect_ratio && { aspect_ratio }),
  });
  const [other] = all.filter(([name, value]) => value !== fields[/** @type {"quality"} */ (name)]);
  if (other) throw new ValidationError(`\`resolution\` ${given} contradicts the ${other.join(" ")}.`);
  return fields;
}
