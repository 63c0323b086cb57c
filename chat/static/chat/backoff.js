/** How long to wait before the next try. Pure. */

const FIRST_S = 0.5;
/** With the time that a try takes, everyone is back within 30 s after the server is. */
const MOST_S = 20;

/**
 * Growing delays with jitter, so that a thousand pages do not come back in the same moment.
 * @param {number} attempt 0 for the first try after a loss
 * @param {() => number} random a number in [0, 1)
 * @returns {number} seconds: between half and all of 0.5, 1, 2, 4 … 20
 */
export function delay(attempt, random = Math.random) {
  const full = Math.min(MOST_S, FIRST_S * 2 ** Math.min(attempt, 10));
  return full * (0.5 + random() / 2);
}
