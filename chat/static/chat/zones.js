/**
 * Wall clocks of time zones, and the zone in which the reader plans: reminders, scheduled messages, “tomorrow”.
 *
 * `Date` knows the zone of the device only; `Intl.DateTimeFormat` knows all of them.
 */

/** @typedef {[year: number, month: number, day: number, hour: number, minute: number]} WallTime month: from 0 */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();
let chosen = "";

/** The zone of the reader's profile. @param {string} zone of the IANA database; "" or an unknown one: that of the device */
export function useZone(zone) {
  chosen = isKnown(zone) ? zone : "";
}

/** Whether the reader plans in the zone of their profile, not in that of the device. */
export const isZoneChosen = () => chosen !== "";

/** @returns {string} the zone in which the reader plans */
export const ownZone = () => chosen || new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What the clock shows in a zone. @param {Date} at @param {string} zone @returns {WallTime} */
export function wallTime(at, zone) {
  const parts = Object.fromEntries(formatOf(zone).formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return [year, month - 1, day, hour, minute];
}

/**
 * When the clock of a zone shows a time. Days and months may be out of their range, as in `Date.UTC`. A time that the
 * clock shows twice is the first one; one that it leaves out is as much later as the clock is moved.
 * @param {WallTime} wall @param {string} zone @returns {Date}
 */
export function timeAt(wall, zone) {
  const utc = Date.UTC(...wall);
  // The clock is moved once in two days at most.
  const found = [-DAY_MS, DAY_MS].map((shift) => utc - offsetAt(utc + shift, zone));
  const shown = found.filter((time) => time + offsetAt(time, zone) === utc);
  return new Date(shown.length ? Math.min(...shown) : Math.max(...found));
}

/** Whether the clocks of the device and of the zone in which the reader plans differ. @param {Date} at */
export const isElsewhere = (at) => offsetAt(at.getTime(), ownZone()) !== -at.getTimezoneOffset() * MINUTE_MS;

/** @param {number} time @param {string} zone @returns {number} milliseconds that its clock is ahead of UTC */
function offsetAt(time, zone) {
  const minute = Math.floor(time / MINUTE_MS) * MINUTE_MS;
  return Date.UTC(...wallTime(new Date(minute), zone)) - minute;
}

/** @param {string} zone */
function formatOf(zone) {
  let format = formats.get(zone);
  if (!format) {
    const numbers = /** @type {const} */ ({ year: "numeric", month: "numeric", day: "numeric", hour: "numeric" });
    format = new Intl.DateTimeFormat("en", { ...numbers, minute: "numeric", hourCycle: "h23", timeZone: zone });
    formats.set(zone, format);
  }
  return format;
}

/** @param {string} zone */
function isKnown(zone) {
  try {
    return zone !== "" && Boolean(formatOf(zone));
  } catch {
    return false;
  }
}
