/** What was found, in the panel beside a room: it stays while the person opens one hit after the other. */

import { find, fromTemplate } from "../dom.js";
import { phrase } from "../phrases.js";
import { isListBeside } from "./place.js";
import { SearchView } from "./search_view.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { SidePanel } from "./side_panel.js"
 */

const NAME = "search";

/**
 * Show the panel, if the search is to stay beside rooms, until the person closes it. Another content, such as a thread,
 * takes its place only until that is closed.
 * @param {RoomContext} context
 * @param {SidePanel} panel
 */
export function showSearchBeside(context, panel) {
  const { search, signal } = context;
  /** @type {AbortController | null} */
  let ending = null;
  /** @type {SearchView | null} */
  let view = null;

  function open() {
    ending = new AbortController();
    const element = fromTemplate("search-view-template");
    panel.open({ name: NAME, title: phrase("search"), element });
    const scrolled = find(/** @type {HTMLElement} */ (element.closest(".room")), ".side-panel");
    // A sheet covers the room.
    const opened = () => panel.isSheet && panel.close({ isLeaving: true });
    view = new SearchView(element, context, { opened, left: () => panel.close(), scrolled }, ending.signal);
    view.reveal();
  }

  panel.on("close", (name) => {
    const isOver = panel.shown === null;
    if (name === NAME) {
      ending?.abort();
      view = null;
      if (isOver && !signal.aborted) search.isBeside = false;
    } else if (isOver && !signal.aborted && search.isBeside && isListBeside()) {
      open();
    }
  });
  search.on("focus", () => {
    if (panel.shown !== NAME) open();
    view?.focus({ selects: true });
  }, { signal });
  if (search.isBeside && isListBeside()) open();
}
