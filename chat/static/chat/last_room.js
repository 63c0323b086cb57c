/**
 * Remembers in a cookie which room was shown last: the address `/` leads there (chat/views/rooms.py). It holds the owner,
 * because people may share a browser.
 */

import { afterPaint } from "./next_frame.js";

/** @import { Tab } from "./tab.js" */

const COOKIE = "parley_room";
const KEPT_S = 365 * 24 * 60 * 60;

/**
 * Remember that a person sees a room, as soon as it is painted.
 * @param {Pick<Tab, "owner" | "recent">} tab
 * @param {string} room a slug
 * @param {AbortSignal} signal aborted when the room is left
 */
export function rememberRoom({ owner, recent }, room, signal) {
  const remember = () => {
    setCookie(`${owner.replace(":", "")}.${room}`, KEPT_S);
    recent.add(room);
  };
  afterPaint(remember, signal);
  // Perhaps the page is left before that.
  window.addEventListener("pagehide", remember, { once: true, signal });
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
