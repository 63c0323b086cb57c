/** Draws once for many events, soon after the first. */

const HIDDEN_MS = 250;

/**
 * Run `work` once in the next frame, however often it is asked for. A hidden page has no frames: there a timer runs it.
 * @param {() => void} work
 * @param {AbortSignal} [signal] cancels what was asked for, and all later requests
 * @returns {{ask: () => void, now: () => void}} `now` runs it at once, if it was asked for
 */
export function nextFrame(work, signal) {
  /** @type {number | null} */
  let frame = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const cancel = () => {
    if (frame !== null) cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = null;
  };
  const now = () => {
    if (frame === null) return;
    cancel();
    work();
  };
  const ask = () => {
    if (frame !== null || signal?.aborted) return;
    frame = requestAnimationFrame(now);
    timer = setTimeout(now, HIDDEN_MS);
  };
  signal?.addEventListener("abort", cancel, { once: true });
  return { ask, now };
}

/**
 * Run `work` once, when the next frame has been painted: in the frame after it.
 * @param {() => void} work
 * @param {AbortSignal} [signal] cancels it
 */
export function afterPaint(work, signal) {
  nextFrame(() => nextFrame(work, signal).ask(), signal).ask();
}
