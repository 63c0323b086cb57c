/** Times to send a message later, or to be reminded of one, in the zone in which the reader plans. */

import { ownZone, timeAt, wallTime } from "./zones.js";

/** @import { WallTime } from "./zones.js" */

const HOUR_MS = 60 * 60 * 1000;
const MORNING = 9;
const MONDAY = 1;
const WEEK_DAYS = 7;

/**
 * The times that a menu offers, in order. Each is another one: on a Sunday, tomorrow is Monday.
 * @param {Date} [now]
 * @param {string} [zone]
 * @returns {{name: "in_an_hour" | "tomorrow" | "monday", at: Date}[]}
 */
export function laterTimes(now = new Date(), zone = ownZone()) {
  const hourLater = new Date(now.getTime() + HOUR_MS);
  hourLater.setSeconds(0, 0);
  return [{ name: /** @type {const} */ ("in_an_hour"), at: hourLater }, ...morningsAfter(now, zone)];
}

/**
 * Tomorrow and next Monday at 9:00; Monday is left out if it is tomorrow. A day on which the clocks are changed has not
 * 24 hours.
 * @param {Date} now
 * @param {string} zone
 * @returns {{name: "tomorrow" | "monday", at: Date}[]}
 */
export function morningsAfter(now, zone) {
  const [year, month, day] = wallTime(now, zone);
  const weekDay = new Date(Date.UTC(year, month, day)).getUTCDay();
  const toMonday = (MONDAY - weekDay + WEEK_DAYS) % WEEK_DAYS || WEEK_DAYS;
  /** @param {number} days */
  const morningIn = (days) => timeAt([year, month, day + days, MORNING, 0], zone);
  return [
    { name: "tomorrow", at: morningIn(1) },
    ...(toMonday > 1 ? [{ name: /** @type {const} */ ("monday"), at: morningIn(toMonday) }] : []),
  ];
}

/** A time as a field of the type `datetime-local` takes it. @param {Date} at @param {string} [zone] */
export function inFieldForm(at, zone = ownZone()) {
  const [year, month, day, hour, minute] = wallTime(at, zone);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month + 1)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

/**
 * The time that a field of the type `datetime-local` has.
 * @param {string} value of the field
 * @param {string} [zone]
 * @returns {Date | null} null if the field is empty
 */
export function fromFieldForm(value, zone = ownZone()) {
  const numbers = value.match(/\d+/g)?.map(Number) ?? [];
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = numbers;
  /** @type {WallTime} */
  const wall = [year, month - 1, day, hour, minute];
  return numbers.length >= 5 ? timeAt(wall, zone) : null;
}
