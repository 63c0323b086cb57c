// A clock that advances only when a test says so. Node's own mock of timers is not used: that of Node 18 loses timers
// when one that has fired is cleared.

const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
let now = 0;
let last = 0;
/** @type {Map<number, {at: number, run: () => void}>} */
let timers = new Map();

/** Replace the real clock by one that is stopped at zero, without timers. */
export function stopClock() {
  now = 0;
  timers = new Map();
  globalThis.setTimeout = /** @type {typeof setTimeout} */ (start);
  globalThis.clearTimeout = (id) => void timers.delete(id);
}

/** The time of the stopped clock, in ms. */
export function clockNow() {
  return now;
}

/** Advance the clock by `ms`: due timers run in order, those too that they start. @param {number} ms */
export function tick(ms) {
  const end = now + ms;
  for (let due; (due = next(end)); ) {
    timers.delete(due.id);
    now = due.at;
    due.run();
  }
  now = end;
}

/** Restore the real clock. */
export function releaseClock() {
  Object.assign(globalThis, real);
}

/** @param {() => void} run */
function start(run, ms = 0) {
  timers.set(++last, { at: now + ms, run });
  return last;
}

/** The first timer that is due until `end`. @param {number} end */
function next(end) {
  const due = [...timers].map(([id, timer]) => ({ id, ...timer })).filter((timer) => timer.at <= end);
  return due.sort((a, b) => a.at - b.at || a.id - b.id)[0];
}
