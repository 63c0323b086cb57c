/**
 * Changes the room without a page load: by links to rooms, and by the browser's Back and Forward; likewise the home page and the search.
 * The address is always that of what is shown, so that a reload, a bookmark and a new tab lead to it. All other pages are
 * loaded.
 */

import { CommandError } from "./protocol.js";

/**
 * @import { Places } from "./places.js"
 * @import { Asked } from "./search/search.js"
 *
 * @typedef {object} Showing
 * @property {"unread" | "left" | number} [at] where to begin to read, a `Place` of room_view.js. If it is left out: the
 *   first unread message, or else the place that the person left
 * @property {() => void} [onShow] called when the room is shown: it changes the address. Not called if the person has gone
 *   to another one by then
 *
 * @typedef {object} Shown what is used of the shell (shell.js)
 * @property {boolean} showsRooms whether the page has a place for rooms
 * @property {string | undefined} room the slug of the room that is shown
 * @property {(room: string, showing?: Showing) => Promise<void>} showRoom
 * @property {(showing?: Pick<Showing, "onShow">) => void} showHome
 * @property {(asked: Asked, showing?: Pick<Showing, "onShow">) => void} showSearch
 * @property {{notice: {showError: (error: CommandError) => void}}} tab
 * @property {((name: "gone", listener: (room: string) => void) => unknown) & ((name: "next", listener: (room: string | null) => void) => unknown) & ((name: "address", listener: (path: string) => void) => unknown)} on
 *
 * @typedef {object} Browser what is used of a window
 * @property {Pick<History, "pushState" | "replaceState" | "state">} history
 * @property {Pick<Location, "href" | "assign" | "reload">} location
 */

/** The connection's own errors: the server did not answer, so it would not send a page either. */
const UNANSWERED = new Set(["lost", "timeout"]);

export class Navigation {
  #shell;
  #places;
  #history;
  #location;
  /** The address of what is shown. A sheet on a phone has an entry of its own in the history, with the same address. */
  #address;

  /**
   * @param {Shown} shell
   * @param {Places} places
   * @param {Browser} browser
   */
  constructor(shell, places, { history, location }) {
    this.#shell = shell;
    this.#places = places;
    this.#history = history;
    this.#location = location;
    this.#address = this.#here;
    // The address leads to the server's page about a room that one may not see.
    shell.on("next", (room) => this.follow(room === null ? places.home : this.pathOf(room)));
    shell.on("address", (path) => this.#replaceAddress(path));
    shell.on("gone", (room) => this.#place?.room === room && location.reload());
  }

  /** The address of a room. @param {string} room a slug @returns {string} */
  pathOf(room) {
    return this.#places.pathOf(room);
  }

  /** Go to a room. @param {string} room a slug */
  goToRoom(room) {
    const path = this.pathOf(room);
    if (!this.follow(path)) this.#location.assign(path);
  }

  /**
   * Follow a link, if it leads to a room, to the search, or to the home page.
   * @param {string} href
   * @returns {boolean} false: the browser must follow it
   */
  follow(href) {
    const url = new URL(href, this.#location.href);
    const place = this.#places.at(url);
    if (!place || url.hash || !this.#shell.showsRooms) return false;
    const onShow = () => {
      // The search goes back to the room by Escape.
      this.#history.pushState(place.asked && this.#shell.room ? { fromRoom: true } : null, "", url);
      this.#address = this.#here;
    };
    if (place.asked) {
      this.#shell.showSearch(place.asked, { onShow: this.#isSearch ? () => this.#replaceAddress(url.href) : onShow });
      return true;
    }
    if (place.room === null) {
      this.#shell.showHome({ onShow });
      return true;
    }
    this.#show(place.room, { onShow, at: place.message }, () => this.#location.assign(url.href));
    return true;
  }

  /** The browser went back or forward: show what its address says. The way out of a sheet does not change that. */
  returned() {
    if (this.#here === this.#address) return;
    this.#address = this.#here;
    const place = this.#place;
    if (place?.asked) this.#shell.showSearch(place.asked);
    else if (place?.room) this.#show(place.room, { at: place.message ?? "left" }, () => this.#location.reload());
    else if (place) this.#shell.showHome();
    else this.#location.reload();
  }

  get #isSearch() {
    return this.#place?.asked !== undefined;
  }

  /** What is shown has another address now. @param {string} path */
  #replaceAddress(path) {
    this.#history.replaceState(this.#history.state, "", path);
    this.#address = this.#here;
  }

  get #place() {
    return this.#places.at(new URL(this.#location.href));
  }

  /** The address in the browser, without a place within the page. */
  get #here() {
    return this.#location.href.split("#", 1)[0];
  }

  /** @param {string} room @param {Showing} showing @param {() => void} load loads the room's page */
  async #show(room, showing, load) {
    try {
      await this.#shell.showRoom(room, showing);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      // The server has a page that says why.
      if (!UNANSWERED.has(error.code)) return load();
      const { room: shown, tab } = this.#shell;
      tab.notice.showError(error);
      if (showing.onShow || !shown) return;
      this.#history.replaceState(null, "", this.#places.pathOf(shown));
      this.#address = this.#here;
    }
  }
}

/** Let `navigation` follow the clicks that would load a page in this tab. @param {Navigation} navigation */
export function followLinks(navigation) {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const isPlain = event.button === 0 && !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
    if (!link || !isPlain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    if (navigation.follow(link.href)) event.preventDefault();
  });
  window.addEventListener("popstate", () => navigation.returned());
}
