/** The pages of a tab that show no room: the home page and the search. Each is made at its first visit, and then kept. */

import { findOptional } from "./dom.js";
import { HomePage } from "./elements/home_page.js";
import { SearchPage } from "./elements/search_page.js";
import { askedIn } from "./places.js";

/**
 * @import { BrowserContext } from "./elements/room_browser.js"
 * @import { Place } from "./room_view.js"
 * @import { SearchContext } from "./elements/search_view.js"
 */

export class Pages {
  #context;
  /** @type {HomePage | null} */
  #home = null;
  /** @type {SearchPage | null} */
  #search = null;

  /** @param {BrowserContext & SearchContext} context */
  constructor(context) {
    this.#context = context;
  }

  /** Take the page that the server has sent, if it is one of these. */
  begin() {
    const [home, search] = [findOptional(document, "main.home"), findOptional(document, "main.search-page")];
    if (home) this.#home = new HomePage(home, this.#context);
    if (!search) return;
    this.#search = new SearchPage(search, this.#context);
    this.#search.shown(askedIn(location.search));
  }

  get home() {
    return (this.#home ??= new HomePage(null, this.#context));
  }

  get search() {
    return (this.#search ??= new SearchPage(null, this.#context));
  }

  /** Whether one of them has been shown in this tab. */
  get areKnown() {
    return this.hasHome || this.#search !== null;
  }

  /** Whether the person has seen the home page in this tab. */
  get hasHome() {
    return this.#home !== null;
  }

  get isHomeShown() {
    return this.#home?.root.isConnected ?? false;
  }

  get isSearchShown() {
    return this.#search?.root.isConnected ?? false;
  }

  /** The one that is shown is about to leave the document. @param {Place} [at] the place in the room that is shown next */
  leave(at) {
    if (this.isHomeShown) this.home.leave();
    if (this.isSearchShown) this.search.leave(at);
  }
}
