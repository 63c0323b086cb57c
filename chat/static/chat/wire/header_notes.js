/**
 * Compares the headers that the server received with what the page knows its browser to have sent. No page sees the
 * request of its own WebSocket, so most facts come from elsewhere: the address, the languages, the cookies.
 */

/** @import * as wire from "../wire.d.ts" */

/**
 * @typedef {object} BrowserFacts
 * @property {string} host
 * @property {string} origin
 * @property {string} userAgent
 * @property {readonly string[]} languages
 * @property {string[]} offered subprotocols
 *
 * @typedef {object} Note
 * @property {"same" | "changed" | "proxy" | "browser" | "unknown"} kind proxy: browsers do not send this header;
 *   browser: the browser makes the value and does not show it to pages
 * @property {string | null} sent what the browser sent, if the page knows it
 */

/** Headers that only proxies add. */
const OF_PROXIES =
  /^(x-forwarded-.+|forwarded|via|x-real-ip|x-request-id|x-client-ip|true-client-ip|x-cluster-client-ip|cf-.+|cdn-loop|fly-.+|x-amzn?-.+|x-envoy-.+|x-azure-.+|x-arr-.+|x-scheme|x-original-.+|x-varnish|x-cache.*|traceparent|x-cloud-trace-context|x-vercel-.+|fastly-.+)$/;
/** Headers that each browser makes for a WebSocket and does not show. */
const OF_BROWSERS = /^(sec-websocket-key|sec-websocket-extensions|cookie|accept-encoding|cache-control|pragma|sec-fetch-.+|sec-gpc|dnt|authorization)$/;

/** @type {Record<string, (facts: BrowserFacts) => string>} */
const KNOWN = {
  host: ({ host }) => host,
  origin: ({ origin }) => origin,
  "user-agent": ({ userAgent }) => userAgent,
  upgrade: () => "websocket",
  connection: () => "Upgrade",
  "sec-websocket-version": () => "13",
  "sec-websocket-protocol": ({ offered }) => offered.join(", "),
};

/** @param {wire.Header} header @param {BrowserFacts} facts @returns {Note} */
export function noteOn({ name, value }, facts) {
  const lower = name.toLowerCase();
  if (OF_PROXIES.test(lower)) return { kind: "proxy", sent: null };
  if (lower === "accept-language") return compareLanguages(value, facts.languages);
  const sent = KNOWN[lower]?.(facts);
  if (sent !== undefined) return { kind: isSame(lower, value, sent) ? "same" : "changed", sent };
  return { kind: OF_BROWSERS.test(lower) ? "browser" : "unknown", sent: null };
}

/**
 * Headers that the browser sent and that did not arrive.
 * @param {wire.Header[]} headers @param {BrowserFacts} facts @returns {{name: string, sent: string}[]}
 */
export function missing(headers, facts) {
  const there = new Set(headers.map(({ name }) => name.toLowerCase()));
  return Object.entries(KNOWN)
    .filter(([name]) => !there.has(name))
    .map(([name, sent]) => ({ name, sent: sent(facts) }))
    .filter(({ sent }) => sent !== "");
}

/** @param {string} name @param {string} value @param {string} sent */
function isSame(name, value, sent) {
  // Browsers write it with different letters, and may add another token: "keep-alive, Upgrade" (RFC 9110 §7.6.1).
  if (name === "connection") return /(^|,)\s*upgrade\s*(,|$)/i.test(value);
  if (name === "upgrade" || name === "host") return value.toLowerCase() === sent.toLowerCase();
  return value === sent;
}

/** The browser adds weights, which the page does not know. @param {string} value @param {readonly string[]} languages */
function compareLanguages(value, languages) {
  const received = value.split(",").map((part) => (part.split(";")[0] ?? "").trim().toLowerCase());
  const sent = languages.join(", ");
  const isPart = languages.some((language) => received.includes(language.toLowerCase()));
  return { kind: /** @type {Note["kind"]} */ (isPart ? "same" : "changed"), sent };
}
