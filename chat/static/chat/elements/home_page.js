/** The home page: the list of all rooms, beside the sidebar. It is kept while rooms are shown, for the way back. */

import { byId, find, fromTemplate } from "../dom.js";
import { RoomBrowser } from "./room_browser.js";

/** @import { BrowserContext } from "./room_browser.js" */

export class HomePage {
  #browser;
  #scrolled = 0;

  /** @param {HTMLElement | null} root that of the server's page, if this is the page that was loaded @param {BrowserContext} context */
  constructor(root, context) {
    this.root = root ?? fromTemplate("home-template");
    this.#browser = new RoomBrowser(find(this.root, ".browser"), context);
    if (root) this.#browser.take(JSON.parse(byId("browse-data", HTMLScriptElement).text));
  }

  /** It is in the page now. */
  shown() {
    // On a phone the whole page scrolls.
    scrollTo(0, this.#scrolled);
    this.root.focus({ preventScroll: true });
    this.#browser.refresh();
  }

  /** It is about to leave the page. */
  leave() {
    this.#scrolled = scrollY;
  }
}
