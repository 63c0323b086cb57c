/** The element of a room that the server's page does not have. */

import { fromTemplate } from "../dom.js";

/** An element `.room`, from the same template as on the server's page. @param {string} room a slug */
export function makeRoom(room) {
  const root = fromTemplate("room-template");
  root.dataset.room = room;
  for (const name of ["href", "action", "formaction"]) {
    for (const element of root.querySelectorAll(`[${name}*="__slug__"]`)) {
      element.setAttribute(name, (element.getAttribute(name) ?? "").replace("__slug__", encodeURIComponent(room)));
    }
  }
  return root;
}
