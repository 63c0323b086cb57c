/**
 * Whether to reload a page because its connection belongs to another person than the page was made for.
 *
 * Someone may have signed in or out in another tab: then the page must be reloaded. But where the browser keeps no
 * cookies, each page and each socket is a new guest, and the page would reload for ever. Pure: the browser's parts are
 * parameters.
 */

/** A page that was reloaded for this reason is not reloaded again within this time. */
const AGAIN_MS = 60_000;
const COOKIE = "parley_kept=1";

/** Whether the browser keeps cookies. @param {Pick<Document, "cookie">} document */
export function keepsCookies(document) {
  try {
    document.cookie = `${COOKIE}; path=/; SameSite=Lax; max-age=10`;
    return document.cookie.includes(COOKIE);
  } catch {
    return false;
  }
}

/**
 * @param {Pick<History, "state" | "replaceState">} history its state survives a reload without cookies or storage
 * @param {number} at the time, in ms
 * @returns {boolean} whether to reload; if so, the time is noted in the history's state
 */
export function mayReload(history, at) {
  const reloadedAt = history.state?.reloadedAt;
  if (reloadedAt !== undefined && Math.abs(at - reloadedAt) < AGAIN_MS) return false;
  history.replaceState({ ...history.state, reloadedAt: at }, "");
  return true;
}
