/** Timers that end with an AbortSignal, so that a view that is unmounted leaves none behind. */

/** One timer. Starting it again replaces the former start. */
export class Timer {
  #run;
  #signal;
  /** @type {ReturnType<typeof setTimeout> | null} */
  #id = null;

  /**
   * @param {() => void} run
   * @param {AbortSignal} [signal] stops the timer, and keeps it from being started again
   */
  constructor(run, signal) {
    this.#run = run;
    this.#signal = signal;
    signal?.addEventListener("abort", () => this.stop(), { once: true });
  }

  get isRunning() {
    return this.#id !== null;
  }

  /** @param {number} ms until `run` is called, once */
  start(ms) {
    this.stop();
    if (this.#signal?.aborted) return;
    this.#id = setTimeout(() => {
      this.#id = null;
      this.#run();
    }, ms);
  }

  stop() {
    if (this.#id !== null) clearTimeout(this.#id);
    this.#id = null;
  }
}

/**
 * @param {number} ms
 * @param {AbortSignal} [signal] ends the wait early
 * @returns {Promise<void>}
 */
export function wait(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = new Timer(resolve, signal);
    timer.start(ms);
    signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}
