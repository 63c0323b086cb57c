/** Formats days and times in the reader's language. */

import { isElsewhere, ownZone, wallTime } from "./zones.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const pageLanguage = document.documentElement.lang;
// The page's language is "en", for example; the browser may ask for en-GB.
const language = navigator.languages.find((tag) => tag.split("-")[0] === pageLanguage.split("-")[0]) ?? pageLanguage;
const dayThisYear = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const day = new Intl.DateTimeFormat(language, { dateStyle: "full" });
const date = new Intl.DateTimeFormat(language, { dateStyle: "long" });
const relativeDay = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
let hours = hoursOf(document.documentElement.dataset.clock);
let formats = formatsOf(hours);

/** Times are on another clock from now on: 12 or 24 hours, or as usual in the language. @param {string} choice */
export function useClock(choice) {
  hours = hoursOf(choice);
  formats = formatsOf(hours);
}

/** @param {string | undefined} choice @returns {Intl.DateTimeFormatOptions} */
function hoursOf(choice) {
  if (choice === "12") return { hour12: true };
  return choice === "24" ? { hourCycle: "h23" } : {};
}

/** @param {Intl.DateTimeFormatOptions} hours */
function formatsOf(hours) {
  const time = /** @type {const} */ ({ hour: "numeric", minute: "2-digit", ...hours });
  return {
    clock: new Intl.DateTimeFormat(language, time),
    dateAndTime: new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short", ...hours }),
    dayAndTime: new Intl.DateTimeFormat(language, { day: "numeric", month: "long", ...time }),
    moment: new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", ...time }),
    momentWithYear: new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", ...hours }),
  };
}

/** @param {Date} at @returns {string} like 14:05 */
export const clockTime = (at) => formats.clock.format(at);

/**
 * The time in a time zone now, like 14:05; with the day, if that is another one than here.
 * @param {string} timeZone of the IANA database
 * @param {Date} [at]
 * @returns {string} "" for a time zone that the browser does not know
 */
export function timeIn(timeZone, at = new Date()) {
  try {
    const options = { weekday: /** @type {const} */ ("short"), day: /** @type {const} */ ("numeric") };
    /** @param {Intl.DateTimeFormatOptions} zone */
    const dayIn = (zone) => at.toLocaleDateString("en", { ...options, ...zone });
    const isSameDay = dayIn({ timeZone }) === dayIn({});
    const weekday = isSameDay ? {} : { weekday: /** @type {const} */ ("short") };
    return at.toLocaleTimeString(language, { hour: "numeric", minute: "2-digit", timeZone, ...weekday, ...hours });
  } catch {
    return "";
  }
}

/** @param {Date} at @returns {string} the date without a time */
export const longDate = (at) => date.format(at);

/** @param {Date} at @returns {string} date and time */
export const fullTime = (at) => formats.dateAndTime.format(at);

/** @param {Date} at @returns {string} such as November 2026 */
export const monthName = (at) => at.toLocaleDateString(language, { month: "long", year: "numeric" });

/** Two times have the same key when they are on the same day in the reader's time zone. @param {Date} at */
export const dayKey = (at) => at.getFullYear() * 10_000 + at.getMonth() * 100 + at.getDate();

/** @param {Date} at @param {Date} [now] @returns {string} today, yesterday, or the day's name and date */
export function dayName(at, now = new Date()) {
  /** @param {Date} time */
  const midnight = (time) => Date.UTC(time.getFullYear(), time.getMonth(), time.getDate());
  const days = (midnight(at) - midnight(now)) / DAY_MS;
  if (days === 0 || days === -1) return capitalise(relativeDay.format(days, "day"));
  return (at.getFullYear() === now.getFullYear() ? dayThisYear : day).format(at);
}

/** @param {Date} at @param {Date} [now] @returns {string} the time; with the day, if that is not today */
export function sinceTime(at, now = new Date()) {
  if (dayKey(at) === dayKey(now)) return formats.clock.format(at);
  return (at.getFullYear() === now.getFullYear() ? formats.dayAndTime : formats.dateAndTime).format(at);
}

/**
 * A time that the reader plans, in the zone in which they plan: the time, with the day if that is not today. It names the
 * zone if the clock of the device shows another time.
 * @param {Date} at
 * @param {{now?: Date, isFull?: boolean}} [options] `isFull`: always with the day and the year
 */
export function plannedTime(at, { now = new Date(), isFull = false } = {}) {
  const zone = ownZone();
  const [year, month, day] = wallTime(at, zone);
  const [yearNow, monthNow, dayNow] = wallTime(now, zone);
  const isToday = year === yearNow && month === monthNow && day === dayNow;
  const date = isToday && !isFull ? {} : dateOptions(isFull || year !== yearNow);
  const named = isElsewhere(at) ? { timeZoneName: /** @type {const} */ ("short") } : {};
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { ...date, hour: "numeric", minute: "2-digit", timeZone: zone, ...named, ...hours };
  return at.toLocaleString(language, options);
}

/** @param {boolean} isFull @returns {Intl.DateTimeFormatOptions} */
function dateOptions(isFull) {
  return { day: "numeric", month: "long", ...(isFull && { weekday: "long", year: "numeric" }) };
}

/** @param {Date} at @param {Date} [now] @returns {string} a day and a time, short; without the year if it is this one */
export function momentText(at, now = new Date()) {
  return (at.getFullYear() === now.getFullYear() ? formats.moment : formats.momentWithYear).format(at);
}

/** @param {string} text */
function capitalise(text) {
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}
