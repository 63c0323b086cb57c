/** The panel with the files of a room, the newest first: by kind, person and day. Pages follow each other by button. */

import { closest, find, findAll, fromTemplate, setText, show } from "../dom.js";
import { dayKey, monthName, sinceTime } from "../dates.js";
import { downloadUrl, madeUrl } from "../files/addresses.js";
import { isPicture, sizeText } from "../files/kinds.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { drawIcon } from "./attachment_row.js";
import { isCovered } from "./attachment_picture.js";
import { openViewer } from "./viewer.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { FilesCommand, ListedFile } from "../wire.d.ts"
 * @import { SidePanel } from "./side_panel.js"
 */

const NAME = "files";
/** Days of one month have the same part of their key. */
const A_MONTH = 100;

/**
 * Opens the panel by each `data-open-files` in the side panel.
 * @param {HTMLElement} root of the room
 * @param {RoomContext} context
 * @param {{panel: SidePanel, goTo: (message: number) => void}} parts
 */
export function openFilesPanel(root, context, { panel, goTo }) {
  /** @type {AbortController | null} */
  let ending = null;
  find(root, ".side-panel").addEventListener("click", (event) => {
    if (!closest(event, "[data-open-files]")) return;
    ending = new AbortController();
    const element = fromTemplate("files-panel-template");
    panel.open({ name: NAME, title: phrase("files"), element });
    new FilesPanel(element, { ...context, signal: ending.signal }, panel, goTo);
  }, { signal: context.signal });
  panel.on("close", (name) => name === NAME && ending?.abort());
}

class FilesPanel {
  #root;
  #context;
  #panel;
  #goTo;
  /** @type {ListedFile[]} */
  #files = [];
  /** @type {Omit<FilesCommand, "type" | "room">} */
  #which = {};
  /** Of the newest question: the answer to an older one is ignored. */
  #asked = 0;

  /** @param {HTMLElement} root @param {RoomContext} context @param {SidePanel} panel @param {(message: number) => void} goTo */
  constructor(root, context, panel, goTo) {
    this.#root = root;
    this.#context = context;
    this.#panel = panel;
    this.#goTo = goTo;
    const form = find(root, "form", HTMLFormElement);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("click", (event) => this.#kindClicked(event));
    form.addEventListener("change", () => this.#choose());
    find(root, ".files-more").addEventListener("click", () => void this.#ask(this.#files.at(-1)?.file.id));
    find(root, "[data-again]").addEventListener("click", () => void this.#ask());
    find(root, ".files-found").addEventListener("click", (event) => this.#opened(event));
    void this.#ask();
  }

  /** @param {MouseEvent} event */
  #kindClicked(event) {
    const chosen = closest(event, "[data-kind]");
    if (!chosen) return;
    for (const button of findAll(this.#root, "[data-kind][aria-pressed]")) {
      button.setAttribute("aria-pressed", String(button === chosen));
    }
    this.#choose();
  }

  /** Ask for what the form says. */
  #choose() {
    const kind = /** @type {FilesCommand["kind"]} */ (
      find(this.#root, '[data-kind][aria-pressed="true"]').dataset.kind || null
    );
    const sender = Number(find(this.#root, "[name=sender]", HTMLSelectElement).value) || null;
    const until = find(this.#root, "[name=until]", HTMLInputElement).value || null;
    this.#which = { kind, sender, until };
    void this.#ask();
  }

  /** @param {number} [before] the last file of the page before */
  async #ask(before) {
    const { connection, room, signal } = this.#context;
    const number = ++this.#asked;
    show(find(this.#root, ".files-failed"), false);
    try {
      await connection.whenOnline();
      const { files, more, senders } = await connection.request(
        command.files(room, { ...this.#which, before: before ?? null }),
      );
      if (signal.aborted || number !== this.#asked) return;
      this.#files = before === undefined ? files : [...this.#files, ...files];
      if (before === undefined) this.#drawSenders(senders);
      show(find(this.#root, ".files-more"), more);
      this.#draw();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (!signal.aborted && number === this.#asked) show(find(this.#root, ".files-failed"), true);
    }
  }

  /** @param {{id: number, name: string}[]} senders */
  #drawSenders(senders) {
    const select = find(this.#root, "[name=sender]", HTMLSelectElement);
    const chosen = select.value;
    const options = senders.map(({ id, name }) => new Option(name, String(id)));
    select.replaceChildren(...[...select.options].slice(0, 1), ...options);
    select.value = chosen;
  }

  #draw() {
    const isGrid = this.#which.kind === "picture";
    const found = find(this.#root, ".files-found");
    found.classList.toggle("as-grid", isGrid);
    /** @type {HTMLElement[]} */
    const months = [];
    let shown = NaN;
    for (const listed of this.#files) {
      const at = new Date(listed.at);
      const month = Math.floor(dayKey(at) / A_MONTH);
      if (month !== shown) {
        const section = fromTemplate("files-month-template");
        setText(find(section, "h3"), monthName(at));
        months.push(section);
        shown = month;
      }
      find(/** @type {HTMLElement} */ (months.at(-1)), "ul").append(this.#item(listed));
    }
    found.replaceChildren(...months);
    show(find(this.#root, ".files-none"), this.#files.length === 0);
  }

  /** @param {ListedFile} listed */
  #item({ file, author, guest, at }) {
    const { store, urls } = this.#context;
    const item = fromTemplate("listed-file-template");
    const open = find(item, ".listed-file-open");
    open.dataset.file = String(file.id);
    drawIcon(item, file);
    if (file.thumbs.includes("thumb-360")) {
      const image = new Image();
      image.loading = "lazy";
      image.alt = "";
      image.src = madeUrl(urls, file, "thumb-360.webp");
      find(item, ".file-icon").replaceChildren(image);
      item.classList.toggle("covered", isCovered(file));
    }
    setText(find(item, ".file-name"), file.name);
    const sender = store.people.nameOf({ user: author, guest });
    setText(find(item, ".file-facts"), [sender, sinceTime(new Date(at)), sizeText(file.size)].join(" · "));
    const link = find(item, "a", HTMLAnchorElement);
    link.href = downloadUrl(urls, file);
    link.title = phrase("file_download", { name: file.name });
    setText(find(link, ".visually-hidden"), link.title);
    return item;
  }

  /** @param {MouseEvent} event */
  #opened(event) {
    const id = Number(closest(event, ".listed-file-open")?.dataset.file);
    const listed = this.#files.find(({ file }) => file.id === id);
    if (!listed) return;
    if (!isPicture(listed.file) || isCovered(listed.file)) return this.#show(listed.message);
    const pictures = this.#files.filter(({ file }) => isPicture(file) && !isCovered(file));
    const shown = pictures.map(({ file, message, author, guest, at }) => {
      const facts = `${this.#context.store.people.nameOf({ user: author, guest })} · ${sinceTime(new Date(at))}`;
      return { file, message, facts };
    });
    const goTo = (/** @type {number} */ message) => this.#show(message);
    openViewer(this.#context.urls, { pictures: shown, at: pictures.indexOf(listed), goTo });
  }

  /** Show a message. On a narrow screen the panel would cover it. @param {number} message */
  #show(message) {
    if (this.#panel.isSheet) this.#panel.close({ isLeaving: true });
    this.#goTo(message);
  }
}
