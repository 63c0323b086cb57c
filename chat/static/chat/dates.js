/** Days and times as the reader's language writes them. */

const DAY_MS = 24 * 60 * 60 * 1000;
const pageLanguage = document.documentElement.lang;
// The page says "en"; the reader's browser may know that it is en-GB.
const language = navigator.languages.find((tag) => tag.split("-")[0] === pageLanguage.split("-")[0]) ?? pageLanguage;
const clock = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
const dayThisYear = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const day = new Intl.DateTimeFormat(language, { dateStyle: "full" });
const near = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

/** @param {Date} at @returns {string} like 14:05 */
export const clockTime = (at) => clock.format(at);

/** @param {Date} at @returns {string} the whole of it */
export const fullTime = (at) => moment.format(at);

/** Two times have the same key when they are on the same day here. @param {Date} at */
export const dayKey = (at) => at.getFullYear() * 10_000 + at.getMonth() * 100 + at.getDate();

/** @param {Date} at @param {Date} [now] @returns {string} today, yesterday, or the day's name and date */
export function dayName(at, now = new Date()) {
  const midnight = (time) => Date.UTC(time.getFullYear(), time.getMonth(), time.getDate());
  const days = (midnight(at) - midnight(now)) / DAY_MS;
  if (days === 0 || days === -1) return capital(near.format(days, "day"));
  return (at.getFullYear() === now.getFullYear() ? dayThisYear : day).format(at);
}

function capital(text) {
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}
