/** When a person can be reminded of a saved message. Pure. */

import { morningsAfter } from "./later_times.js";
import { ownZone } from "./zones.js";

/** @typedef {"minutes" | "hour" | "tomorrow" | "monday"} When */

const MINUTE_MS = 60_000;

/**
 * The times to choose from, the next one first: in 20 minutes, in an hour, tomorrow at 9:00, next Monday at 9:00.
 * @param {Date} now
 * @param {string} [zone] whose mornings are meant
 * @returns {{when: When, at: Date}[]} without Monday if that is tomorrow
 */
export function reminderTimes(now, zone = ownZone()) {
  return [
    { when: "minutes", at: new Date(now.getTime() + 20 * MINUTE_MS) },
    { when: "hour", at: new Date(now.getTime() + 60 * MINUTE_MS) },
    ...morningsAfter(now, zone).map(({ name, at }) => ({ when: name, at })),
  ];
}
