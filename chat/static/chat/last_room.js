/**
 * Remembers in a cookie which room was shown last: the address `/` leads there (chat/views/rooms.py). It holds the owner,
 * because people may share a browser.
 */

const COOKIE = "parley_room";
const KEPT_S = 365 * 24 * 60 * 60;

/** @param {string} owner a person's key @param {string} room a slug */
export function rememberRoom(owner, room) {
  setCookie(`${owner.replace(":", "")}.${room}`, KEPT_S);
}

/** The person signs out. */
export function forgetRoom() {
  setCookie("", 0);
}

/** @param {string} value @param {number} seconds */
function setCookie(value, seconds) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${value}; Path=/; Max-Age=${seconds}; SameSite=Lax${secure}`;
}
