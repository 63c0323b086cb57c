/**
 * The first lines of a text or of code, highlighted by the server. They are fetched when they come near the screen; the
 * space for them is there before.
 */

import { copyText } from "../clipboard.js";
import { find, fromTemplate, setText, show } from "../dom.js";
import { downloadUrl, fileUrl, madeUrl } from "../files/addresses.js";
import { sizeText } from "../files/kinds.js";
import { phrase } from "../phrases.js";
import { drawIcon } from "./attachment_row.js";

/**
 * @import { Reloads } from "../files/reloads.js"
 * @import { Addresses, Attachment } from "../wire.d.ts"
 * @typedef {{language: string, html: string, lines: number, more: boolean}} Excerpt
 */

const FOLDED_LINES = 10;
const NEAR = "400px";
/** Texts that are larger are not put into the clipboard. */
const MAX_COPIED_BYTES = 1_000_000;

export class Excerpts {
  #urls;
  #reloads;
  #signal;
  #observer;
  /** @type {WeakMap<Element, () => void>} what loads each element */
  #waiting = new WeakMap();

  /** @param {Addresses} urls @param {Reloads} reloads @param {AbortSignal} signal */
  constructor(urls, reloads, signal) {
    this.#urls = urls;
    this.#reloads = reloads;
    this.#signal = signal;
    // The timeline scrolls, not the page.
    const near = { rootMargin: NEAR, scrollMargin: NEAR };
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), near);
    signal.addEventListener("abort", () => this.#observer.disconnect());
  }

  /** @param {Attachment} file @returns {HTMLElement} */
  make(file) {
    const element = fromTemplate("file-text-template");
    const lines = file.lines ?? 0;
    drawIcon(element, file);
    setText(find(element, ".file-name"), file.name);
    setText(find(element, ".file-facts"), sizeText(file.size));
    const link = find(element, "a.file-save", HTMLAnchorElement);
    link.href = downloadUrl(this.#urls, file);
    link.title = phrase("file_download", { name: file.name });
    setText(find(link, ".visually-hidden"), link.title);
    const copy = find(element, "[data-copy]", HTMLButtonElement);
    show(copy, file.size <= MAX_COPIED_BYTES);
    copy.addEventListener("click", () => void copyFile(copy, fileUrl(this.#urls, file)));
    const code = find(element, "pre");
    code.setAttribute("aria-label", file.name);
    code.style.setProperty("--lines", String(Math.min(lines, FOLDED_LINES)));
    const unfold = find(element, ".file-unfold", HTMLButtonElement);
    show(unfold, lines > FOLDED_LINES);
    setText(unfold, phrase("file_lines", { count: lines }));
    unfold.addEventListener("click", () => toggle(element, code, unfold, lines));
    show(code, lines > 0);
    this.#waiting.set(element, () => void this.#load(element, file));
    this.#observer.observe(element);
    return element;
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #seen(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      this.#observer.unobserve(target);
      this.#waiting.get(target)?.();
    }
  }

  /** @param {HTMLElement} element @param {Attachment} file */
  async #load(element, file) {
    try {
      const response = await fetch(madeUrl(this.#urls, file, "excerpt.json"), { signal: this.#signal });
      if (!response.ok) throw new Error(String(response.status));
      /** @type {Excerpt} */
      const excerpt = await response.json();
      // Made by the server of escaped text: nothing but spans with classes.
      find(element, "code").innerHTML = excerpt.html;
      const facts = [excerpt.language, sizeText(file.size)].filter(Boolean).join(" · ");
      setText(find(element, ".file-facts"), facts);
      show(find(element, ".file-more"), excerpt.more);
    } catch (error) {
      if (!this.#signal.aborted) this.#reloads.add(element, () => void this.#load(element, file));
      if (!(error instanceof Error)) throw error;
    }
  }
}

/** @param {HTMLElement} element @param {HTMLElement} code @param {HTMLButtonElement} button @param {number} lines */
function toggle(element, code, button, lines) {
  const isOpen = element.classList.toggle("unfolded");
  code.style.setProperty("--lines", String(isOpen ? lines : FOLDED_LINES));
  button.setAttribute("aria-expanded", String(isOpen));
  setText(button, isOpen ? phrase("file_fold") : phrase("file_lines", { count: lines }));
}

/** @param {HTMLButtonElement} button @param {string} url */
async function copyFile(button, url) {
  const response = await fetch(url);
  const isCopied = response.ok && (await copyText(await response.text()));
  button.classList.toggle("done", isCopied);
  setText(find(button, ".visually-hidden"), phrase(isCopied ? "file_copied" : "file_not_copied"));
}
