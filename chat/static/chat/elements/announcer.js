/** Tells people who use a screen reader what others see: the live region `#announcer` of the shell. */

import { byId, setText } from "../dom.js";

/** @param {string} text */
export function announce(text) {
  setText(byId("announcer"), text);
}
