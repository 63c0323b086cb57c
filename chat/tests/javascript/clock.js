// A clock that stands until it is told to go on. Node's own mock of timers is not used: that of Node 18 loses timers
// when one that has fired is cleared.

const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
let now = 0;
let last = 0;
let timers = new Map();

/** Put the clock in place of the real one, at zero, with no timer set. */
export function stopClock() {
  now = 0;
  timers = new Map();
  globalThis.setTimeout = (run, ms = 0) => {
    timers.set(++last, { at: now + ms, run });
    return last;
  };
  globalThis.clearTimeout = (id) => timers.delete(id);
}

/** What the stopped clock shows, in ms. */
export function clockNow() {
  return now;
}

/** Let `ms` go by: timers that are due run in their order, those that they set too. */
export function tick(ms) {
  const end = now + ms;
  for (let due; (due = next(end)); ) {
    timers.delete(due.id);
    now = due.at;
    due.run();
  }
  now = end;
}

/** Give the real clock back. */
export function releaseClock() {
  Object.assign(globalThis, real);
}

function next(end) {
  const due = [...timers].map(([id, timer]) => ({ id, ...timer })).filter((timer) => timer.at <= end);
  return due.sort((a, b) => a.at - b.at || a.id - b.id)[0];
}
