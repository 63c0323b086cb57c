/** The sizes of boxes, which are known before a picture is there: nothing moves when it comes. */

export const MAX_WIDTH_PX = 400;
export const MAX_HEIGHT_PX = 320;
const MIN_SIDE_PX = 48;
/** Of width to height. What is longer is cut. */
const RATIOS = { least: 0.4, most: 3 };

/**
 * The box of one picture or video. On a narrower screen it becomes smaller, with the same ratio.
 * @param {number} width of the picture, in pixels
 * @param {number} height
 * @returns {{width: number, ratio: number}} the width of the box in CSS pixels, and its ratio of width to height
 */
export function boxOf(width, height) {
  const ratio = Math.min(Math.max(width / height, RATIOS.least), RATIOS.most);
  const widest = Math.min(MAX_WIDTH_PX, MAX_HEIGHT_PX * ratio);
  return { width: Math.round(Math.max(Math.min(width, widest), MIN_SIDE_PX, MIN_SIDE_PX * ratio)), ratio };
}

/**
 * Several pictures are in rows of two or three, without a hole at the end.
 * @param {number} count
 * @returns {number} how many of them, the first ones, are in rows of two
 */
export function wideOf(count) {
  return ((3 - (count % 3)) % 3) * 2;
}
