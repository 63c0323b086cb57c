/** Numbers of the connection as text in the reader's language. */

import { phrase } from "../phrases.js";

const language = document.documentElement.lang || undefined;
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const time = new Intl.DateTimeFormat(language, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hour12: false,
});

/** @param {number} number */
export const count = (number) => whole.format(number);

/** @param {number} size in bytes */
export function bytes(size) {
  if (size < 1000) return `${whole.format(size)} B`;
  return size < 1_000_000 ? `${tenths.format(size / 1000)} kB` : `${tenths.format(size / 1_000_000)} MB`;
}

/** Frames and their bytes, in words. @param {{frames: number, bytes: number}} traffic */
export function trafficWords({ frames, bytes: size }) {
  return phrase(frames === 1 ? "wire_traffic_one" : "wire_traffic", { frames: count(frames), bytes: bytes(size) });
}

/** @param {number} ms */
export const milliseconds = (ms) => `${ms < 10 ? tenths.format(ms) : whole.format(ms)} ms`;

/** A duration as 0:07, 12:30 or 1:02:03. @param {number} ms */
export function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, index) => (index ? String(part).padStart(2, "0") : part)).join(":");
}

/** The time of day. @param {number} at in ms of clock.js @param {number} now the same clock's present time */
export const timeOfDay = (at, now) => time.format(Date.now() - now + at);
