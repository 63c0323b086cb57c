/** The button that says whether the reader follows a thread, and lets them follow or unfollow it. */

import { find, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { command } from "../protocol.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { ThreadCopy } from "../thread_copy.js"
 */

export class ThreadFollow {
  #button;
  #context;
  #copy;

  /** @param {HTMLElement} root of the thread @param {RoomContext & {threadCopy: ThreadCopy}} context */
  constructor(root, context) {
    const { signal, store, threadCopy: copy } = context;
    this.#button = find(root, ".thread-follow");
    this.#context = context;
    this.#copy = copy;
    this.#button.addEventListener("click", () => void this.#toggle(), { signal });
    store.on("thread", (each) => each === copy && this.#draw(), { signal });
    this.#draw();
  }

  async #toggle() {
    const { connection, notice } = this.#context;
    const { following, rootId } = this.#copy;
    const error = await notice.errorOf(connection.request(command.follow(rootId, !following)));
    if (!error) notice.inform(phrase(following ? "thread_unfollowed" : "thread_followed"));
  }

  #draw() {
    const { following, isLoaded } = this.#copy;
    const { room, store } = this.#context;
    // Only members follow.
    show(this.#button, isLoaded && Boolean(store.rooms.get(room)?.role));
    this.#button.setAttribute("aria-pressed", String(following));
    setText(find(this.#button, ".thread-follow-text"), phrase(following ? "thread_following" : "thread_follow"));
  }
}
