/**
 * The checks of the connection doctor that a browser can make, in order. Each returns what it found: the names of a
 * phrase for the result and of one for what to change. No DOM.
 */

import { wait } from "../timer.js";
import { ProbeError, ProbeSocket } from "./probe_socket.js";

/**
 * @import { Environment as SocketEnvironment } from "./probe_socket.js"
 *
 * @typedef {"ok" | "warning" | "failed" | "skipped"} Outcome
 *
 * @typedef {object} Found
 * @property {Outcome} outcome
 * @property {string} sentence the name of a phrase
 * @property {Record<string, string | number>} [values] for the phrases
 * @property {string} [advice] the name of a phrase
 *
 * @typedef {object} PageEnvironment
 * @property {string} path of the socket
 * @property {string} http the protocol by which the page came, as the browser names it (ALPN), or empty
 * @property {boolean} isSecure whether the page came by TLS
 * @property {boolean} isLocal whether the site is on this machine
 * @property {typeof fetch} fetch
 * @property {number} idleMs how long a quiet socket must last
 * @property {AbortSignal} skip ends the wait on a quiet socket
 *
 * @typedef {SocketEnvironment & PageEnvironment} Environment
 */

const HTTP_NAMES = new Map([["h2", "HTTP/2"], ["h3", "HTTP/3"], ["http/1.1", "HTTP/1.1"], ["http/1.0", "HTTP/1.0"]]);
/** Between the two pings of `buffering`: the delays of two frames seldom differ by as much. */
const GAP_MS = 200;
/** How often `buffering` tries: a busy computer may delay one answer, but hardly three. */
const GAP_TRIES = 3;
/** The site's own limit is never lower (MAX_MESSAGE_BYTES). */
const LARGE_KIB = 64;
/** What proxies answer when they cannot reach the site behind them. */
const BAD_GATEWAY = new Set([502, 503, 504]);

/** How the page itself came. @param {Environment} environment @returns {Promise<Found>} */
async function page({ http, isSecure, isLocal }) {
  const values = { http: HTTP_NAMES.get(http) ?? (http || "HTTP") };
  if (isSecure) return { outcome: "ok", sentence: "doctor_page_tls", values };
  if (isLocal) return { outcome: "ok", sentence: "doctor_page_local", values };
  return { outcome: "warning", sentence: "doctor_page_plain", values, advice: "advice_tls" };
}

/** A request without an upgrade gets 426 (RFC 9110 section 15.5.22). @param {Environment} environment @returns {Promise<Found>} */
async function plain({ path, fetch }) {
  const response = await fetch(path, { redirect: "manual", cache: "no-store" });
  const values = { path, status: response.status };
  if (response.status === 426) return { outcome: "ok", sentence: "doctor_plain_ok", values };
  if (response.type === "opaqueredirect") {
    return { outcome: "failed", sentence: "doctor_plain_redirect", values, advice: "advice_path" };
  }
  const advice = BAD_GATEWAY.has(response.status) ? "advice_backend" : "advice_path";
  return { outcome: "failed", sentence: "doctor_plain_other", values, advice };
}

/** A socket opens, and the first frame is the welcome of the site. @param {Environment} environment @returns {Promise<Found>} */
async function upgrade(environment) {
  const begun = environment.now();
  try {
    const { socket, first } = await ProbeSocket.open(environment);
    socket.drop();
    if (first?.type === "welcome") {
      return { outcome: "ok", sentence: "doctor_upgrade_ok", values: { ms: Math.round(environment.now() - begun) } };
    }
    const reason = String(/** @type {{detail?: string} | null} */ (first)?.detail ?? "");
    return { outcome: "failed", sentence: "doctor_upgrade_refused", values: { reason }, advice: "advice_refused" };
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    const sentence = error.name === "silent" ? "doctor_upgrade_silent" : "doctor_upgrade_closed";
    return { outcome: "failed", sentence, values: { code: error.code }, advice: "advice_upgrade" };
  }
}

/** The server chooses the subprotocol (RFC 6455 section 1.9). @param {Environment} environment @returns {Promise<Found>} */
async function subprotocol(environment) {
  const { socket } = await ProbeSocket.open(environment);
  const chosen = socket.subprotocol;
  socket.drop();
  if (chosen === "chat") return { outcome: "ok", sentence: "doctor_subprotocol_ok" };
  return { outcome: "failed", sentence: "doctor_subprotocol_missing", advice: "advice_subprotocol" };
}

/** The site never chooses compression, which browsers offer (RFC 7692): if it is in use, a proxy did. It works, but costs memory. @param {Environment} environment @returns {Promise<Found>} */
async function compression(environment) {
  const { socket } = await ProbeSocket.open(environment);
  const extensions = socket.extensions;
  socket.drop();
  if (!extensions) return { outcome: "ok", sentence: "doctor_compression_none" };
  return { outcome: "warning", sentence: "doctor_compression", values: { extensions }, advice: "advice_compression" };
}

/**
 * Two answers that are sent 200 ms apart should also arrive 200 ms apart. A proxy that buffers merges them each time; a
 * busy computer may delay the first one once.
 * @param {Environment} environment @returns {Promise<Found>}
 */
async function buffering(environment) {
  const { socket } = await ProbeSocket.open(environment);
  try {
    let values;
    for (let ref = 1; ref < 2 * GAP_TRIES; ref += 2) {
      const sentAt = environment.now();
      socket.send({ type: "ping", ref });
      await wait(GAP_MS);
      socket.send({ type: "ping", ref: ref + 1 });
      const firstAt = await socket.answer(ref);
      const secondAt = await socket.answer(ref + 1);
      values = { ms: Math.max(1, Math.round(firstAt - sentAt)), gap: Math.round(secondAt - firstAt) };
      if (secondAt - firstAt >= GAP_MS / 2) return { outcome: "ok", sentence: "doctor_buffering_ok", values };
    }
    return { outcome: "warning", sentence: "doctor_buffering", values, advice: "advice_buffering" };
  } finally {
    socket.drop();
  }
}

/** A frame of 64 KiB is answered. @param {Environment} environment @returns {Promise<Found>} */
async function largeFrame(environment) {
  const { socket } = await ProbeSocket.open(environment);
  const values = { size: LARGE_KIB };
  try {
    socket.send({ type: "ping", ref: 1, padding: "x".repeat(LARGE_KIB * 1024) });
    await socket.answer(1);
    return { outcome: "ok", sentence: "doctor_large_ok", values };
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    const found = { ...values, code: error.code };
    const sentence = error.name === "silent" ? "doctor_large_silent" : "doctor_large_closed";
    return { outcome: "failed", sentence, values: found, advice: "advice_large" };
  } finally {
    socket.drop();
  }
}

/** The closing handshake (RFC 6455 section 7.1.2), and a new connection after it. @param {Environment} environment @returns {Promise<Found>} */
async function reconnect(environment) {
  const { socket } = await ProbeSocket.open(environment);
  const { code, wasClean } = await socket.close();
  if (code !== 1000 || !wasClean) {
    return { outcome: "warning", sentence: "doctor_close", values: { code }, advice: "advice_close" };
  }
  try {
    (await ProbeSocket.open(environment)).socket.drop();
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    return { outcome: "failed", sentence: "doctor_reconnect_refused", values: { code: error.code }, advice: "advice_reconnect" };
  }
  return { outcome: "ok", sentence: "doctor_reconnect_ok" };
}

/** A socket on which the page sends nothing stays open. The browser hides the server's pings. @param {Environment} environment @returns {Promise<Found>} */
async function idle(environment) {
  const { socket } = await ProbeSocket.open(environment);
  const begun = environment.now();
  try {
    await socket.stayQuiet(environment.idleMs, environment.skip);
    const seconds = Math.round((environment.now() - begun) / 1000);
    const code = socket.ended?.code ?? 0;
    if (socket.ended) return { outcome: "failed", sentence: "doctor_idle_closed", values: { seconds, code }, advice: "advice_idle" };
    if (environment.skip.aborted) return { outcome: "skipped", sentence: "doctor_idle_skipped", values: { seconds } };
    socket.send({ type: "ping", ref: 1 });
    await socket.answer(1);
    return { outcome: "ok", sentence: "doctor_idle_ok", values: { seconds } };
  } finally {
    socket.drop();
  }
}

/**
 * Each check with the name of the phrase that is its title.
 * @type {ReadonlyArray<{name: string, title: string, check: (environment: Environment) => Promise<Found>}>}
 */
export const BROWSER_CHECKS = [
  { name: "page", title: "check_page", check: page },
  { name: "plain", title: "check_plain", check: plain },
  { name: "upgrade", title: "check_upgrade", check: upgrade },
  { name: "subprotocol", title: "check_subprotocol", check: subprotocol },
  { name: "compression", title: "check_compression", check: compression },
  { name: "buffering", title: "check_buffering", check: buffering },
  { name: "large", title: "check_large", check: largeFrame },
  { name: "reconnect", title: "check_reconnect", check: reconnect },
  { name: "idle", title: "check_idle", check: idle },
];

/** When this check fails, the ones after it would fail for the same reason. */
export const REQUIRED_CHECK = "upgrade";

/**
 * @param {(environment: Environment) => Promise<Found>} check
 * @param {Environment} environment
 * @returns {Promise<Found>} also when the check cannot be made
 */
export async function resultOf(check, environment) {
  try {
    return await check(environment);
  } catch (error) {
    if (error instanceof ProbeError) {
      const sentence = error.name === "silent" ? "doctor_silent" : "doctor_closed";
      return { outcome: "failed", sentence, values: { code: error.code }, advice: "advice_upgrade" };
    }
    return { outcome: "failed", sentence: "doctor_unreachable", advice: "advice_unreachable" };
  }
}
