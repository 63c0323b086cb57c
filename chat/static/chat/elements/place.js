/** What the whole page shows of the place where its reader is: a room, the home page, or the search. */

import { find } from "../dom.js";

/** @param {"room" | "home" | "search"} place */
export function drawPlace(place) {
  for (const name of ["room", "home", "search"]) document.body.classList.toggle(`at-${name}`, name === place);
  // A room that was loaded with the page keeps its own goal: the composer, if one may write there.
  const skip = find(document, ".skip", HTMLAnchorElement);
  if (place !== "room") skip.hash = "main";
  else if (skip.hash === "#main") skip.hash = "timeline";
}

/** Whether the list of rooms is beside the room: on a phone it is a page of its own. */
export function isListBeside() {
  return matchMedia("(min-width: 48rem)").matches;
}
