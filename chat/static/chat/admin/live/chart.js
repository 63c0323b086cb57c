/** A chart of one number over the last two minutes, as the paths of an SVG. */

const WIDTH = 120;
const HEIGHT = 32;

/**
 * @param {number[]} values oldest first, one a second, at most 120
 * @returns {{line: string, area: string}} the attributes `d` of the line and of the area below it
 */
export function paths(values) {
  if (values.length < 2) return { line: "", area: "" };
  const top = Math.max(...values, 1);
  const x = (/** @type {number} */ index) => WIDTH - (values.length - 1 - index);
  const y = (/** @type {number} */ value) => round(HEIGHT - 1 - (HEIGHT - 3) * (value / top));
  const line = values.map((value, index) => `${index ? "L" : "M"}${x(index)} ${y(value)}`).join("");
  return { line, area: `${line}L${WIDTH} ${HEIGHT}L${x(0)} ${HEIGHT}Z` };
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
