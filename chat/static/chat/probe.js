/**
 * Asks over HTTP whether the server answers, before a WebSocket is tried.
 *
 * After failed WebSockets browsers delay the next one to the same host: Firefox by up to 60 s, longer with each failure
 * (RFC 6455 §7.2.3 asks for it). A failed fetch has no such effect.
 */

const TIMEOUT_MS = 4_000;

/**
 * @param {string} url
 * @param {number} [timeoutMs]
 * @returns {Promise<"answers"|"refused"|"silent">} refused: an error of the network or of the server; silent: no
 *   answer in time. Over HTTP/2 this may also mean that only the connection for HTTP is dead
 */
export async function probe(url, timeoutMs = TIMEOUT_MS) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const { status } = await fetch(url, { cache: "no-store", credentials: "omit", signal: abort.signal });
    return status < 500 ? "answers" : "refused";
  } catch {
    return abort.signal.aborted ? "silent" : "refused";
  } finally {
    clearTimeout(timer);
  }
}
