import assert from "node:assert/strict";
import { test } from "node:test";

// dates.js reads the language of the page and the chosen clock when it is loaded.
const page = {
  document: { documentElement: { lang: "en", dataset: { clock: "24" } } },
  navigator: { languages: ["de", "en-US"] },
};
for (const [name, value] of Object.entries(page)) {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}
const { clockTime, fullTime, longDate, sinceTime, timeIn, useClock } = await import("../../static/chat/dates.js");

const at = new Date(2026, 10, 24, 14, 5);
const nextDay = new Date(2026, 10, 25, 9, 0);
const nextYear = new Date(2027, 0, 1, 9, 0);

test("every time is on the clock that the person chose", () => {
  const utc = new Date(Date.UTC(2026, 10, 24, 14, 5));
  const since = [at, nextDay, nextYear].map((now) => sinceTime(at, now));
  for (const text of [clockTime(at), fullTime(at), ...since, timeIn("UTC", utc)]) assert.match(text, /14:05/);
});

test("a date is written as the browser writes the language of the page", () => {
  assert.equal(longDate(at), "November 24, 2026");
});

test("the time in another time zone names the day if that is another one there", () => {
  const isBehind = new Date(Date.UTC(2026, 10, 24, 12, 0)).getTimezoneOffset() > 0;
  const midnight = new Date(2026, 10, 24, isBehind ? 23 : 0, 30);
  assert.match(timeIn(isBehind ? "Pacific/Kiritimati" : "Pacific/Niue", midnight), /[A-Z][a-z]{2}/);
  assert.equal(timeIn("No/Where"), "");
});

test("a person chooses another clock while the page is open", () => {
  const utc = new Date(Date.UTC(2026, 10, 24, 14, 5));
  useClock("12");
  for (const text of [clockTime(at), fullTime(at), sinceTime(at, nextDay), timeIn("UTC", utc)]) assert.match(text, /2:05\sPM/);
  useClock("24");
  assert.equal(clockTime(at), "14:05");
});
