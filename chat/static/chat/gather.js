/** Drawing that need not happen for each event, but soon after the first. */

const HIDDEN_MS = 250;

/**
 * Once in the next frame, however often it is asked for. A hidden page has no frames: there it is a matter of time.
 * @param {() => void} work
 * @returns {{ask: () => void, now: () => void}} `now` does what was asked for at once
 */
export function nextFrame(work) {
  let frame = null;
  let timer = null;
  const now = () => {
    if (frame === null) return;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = null;
    work();
  };
  const ask = () => {
    if (frame !== null) return;
    frame = requestAnimationFrame(now);
    timer = setTimeout(now, HIDDEN_MS);
  };
  return { ask, now };
}
