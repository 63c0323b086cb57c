/** Computes what the live page shows from the counters that the workers report each second. Pure. */

/** Seconds that the charts show. */
export const SHOWN_S = 120;
const MINUTE_S = 60;
/** Delays are taken from so many seconds, so that a quiet site has some at all. */
const DELAYS_S = 10;

/**
 * @typedef {object} WorkerFigures
 * @property {string} id
 * @property {string} name
 * @property {"alive" | "gone" | "ended"} state
 * @property {number} silent_s
 * @property {Record<string, number>} numbers
 * @property {number[]} delays cumulative counts by bucket, the last one of all events
 *
 * @typedef {object} Figures one text of the server
 * @property {number} at
 * @property {number[]} bounds of the buckets of delays, in seconds
 * @property {WorkerFigures[]} workers
 * @property {{slug: string, name: string, people: number, watchers: number}[]} rooms
 * @property {{at: number, worker: string, logger: string, text: string}[]} errors
 * @property {number | null} layer seconds
 * @property {number | null} [database] seconds
 * @property {{queued: number, running: number, failed: number, oldest_s: number} | null} [jobs]
 *
 * @typedef {object} Step what one worker did in the time between two texts
 * @property {number} at
 * @property {number} seconds
 * @property {number} messages
 * @property {number} deliveries
 * @property {number} cpu_s
 * @property {number[]} delays
 */

/** The last two minutes of one worker. */
export class WorkerHistory {
  /** @type {{at: number, numbers: Record<string, number>, delays: number[]} | null} */
  #last = null;
  /** @type {Step[]} */
  #steps = [];

  /** @param {number} at @param {WorkerFigures} worker */
  add(at, { numbers, delays, state }) {
    const last = this.#last;
    if (state !== "alive") return;
    if (last && at > last.at) {
      /** @param {string} name */
      const more = (name) => Math.max(0, (numbers[name] ?? 0) - (last.numbers[name] ?? 0));
      this.#steps.push({
        at,
        seconds: at - last.at,
        messages: more("messages"),
        deliveries: more("deliveries"),
        cpu_s: more("cpu_s"),
        delays: delays.map((count, index) => Math.max(0, count - (last.delays[index] ?? 0))),
      });
      while (this.#steps.length && (this.#steps[0]?.at ?? 0) < at - SHOWN_S) this.#steps.shift();
    }
    this.#last = { at, numbers, delays };
  }

  /** The steps of the last `seconds`. @param {number} now @param {number} seconds */
  since(now, seconds) {
    return this.#steps.filter((step) => step.at > now - seconds);
  }
}

/**
 * @param {Step[]} steps of one worker or of several
 * @returns {{messages: number, deliveries: number, cpu: number}} messages of the last minute; deliveries and seconds of
 *   CPU a second
 */
export function rates(/** @type {number} */ now, steps) {
  const minute = steps.filter((step) => step.at > now - MINUTE_S);
  const recent = steps.filter((step) => step.at > now - 2.5);
  const seconds = Math.max(1, ...recent.map((step) => now - step.at + step.seconds));
  return {
    messages: sum(minute, (step) => step.messages),
    deliveries: sum(recent, (step) => step.deliveries) / seconds,
    cpu: sum(recent, (step) => step.cpu_s) / seconds,
  };
}

/**
 * The delay that `share` of the events did not exceed: the bound of their bucket.
 * @param {number} now
 * @param {Step[]} steps
 * @param {number[]} bounds seconds
 * @param {number} share
 * @returns {number | null} seconds; null without events, Infinity beyond the last bound
 */
export function delayOf(now, steps, bounds, share = 0.95) {
  const recent = steps.filter((step) => step.at > now - DELAYS_S);
  const counts = [...bounds, Infinity].map((_, index) => sum(recent, (step) => step.delays[index] ?? 0));
  const all = counts.at(-1) ?? 0;
  if (!all) return null;
  return bounds[counts.findIndex((count) => count >= share * all)] ?? Infinity;
}

/** @template Item @param {Item[]} items @param {(item: Item) => number} value */
export function sum(items, value) {
  return items.reduce((total, item) => total + value(item), 0);
}
