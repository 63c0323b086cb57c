/**
 * Whether a page may be loaded anew because its connection speaks for another person than the page was made for.
 *
 * Someone may have signed in or out in another tab: then a new page is right. But where the browser keeps no cookies,
 * each page and each socket is a new guest, and loading anew would never end. Pure; the browser is given.
 */

/** A page that was loaded anew for this reason within this time is not again. */
const AGAIN_MS = 60_000;
const COOKIE = "parley_kept=1";

/**
 * @param {Document} document
 * @returns {boolean} whether a cookie that is set is kept
 */
export function keepsCookies(document) {
  try {
    document.cookie = `${COOKIE}; path=/; SameSite=Lax; max-age=10`;
    return document.cookie.includes(COOKIE);
  } catch {
    return false;
  }
}

/**
 * @param {History} history its state lives through a reload, and needs neither cookies nor storage
 * @param {number} at the time, in ms
 * @returns {boolean} whether to load anew; if so, this is noted in the history's state
 */
export function mayReload(history, at) {
  const former = history.state?.reloadedAt;
  if (former !== undefined && Math.abs(at - former) < AGAIN_MS) return false;
  history.replaceState({ ...history.state, reloadedAt: at }, "");
  return true;
}
