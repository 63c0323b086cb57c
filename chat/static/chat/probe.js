/**
 * Asks over plain HTTP whether the server is there, before a WebSocket is tried.
 *
 * Browsers delay WebSockets to a host after failed ones: Firefox by up to 60 s, growing with each failure
 * (RFC 6455 §7.2.3 asks for it). A failed fetch has no such effect.
 */

const TIMEOUT_MS = 4_000;

/**
 * @param {string} url
 * @param {number} [timeoutMs]
 * @returns {Promise<"answers"|"refused"|"silent">} refused: an error of the network or of the server; silent: no answer
 *   in time, which over HTTP/2 may also mean that this one connection is dead
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
