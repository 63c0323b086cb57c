/** The section of `/wire/` with the example of RFC 6455, in which a person may change the key. */

import { byId, find, findAll, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { Timer } from "../timer.js";
import { GUID, RFC_KEY, asText, derive, hex, problemOf, randomKey } from "./derivation.js";

/** @import { Derivation, KeyProblem } from "./derivation.js" */

const ASK_AFTER_MS = 300;

export class RfcExample {
  #root = byId("wire-rfc");
  #field = byId("wire-key", HTMLInputElement);
  #problem = byId("wire-key-problem");
  #steps = find(this.#root, ".wire-steps");
  #verdict = find(this.#root, ".wire-verdict");
  /** The server is asked when a person has stopped typing. */
  #asking = new Timer(() => this.#ask());
  /** @type {Derivation} */
  #shown = derive(RFC_KEY);

  constructor() {
    this.#field.addEventListener("input", () => this.#draw());
    find(this.#root, "[data-random-key]").addEventListener("click", () => this.#set(randomKey()));
    find(this.#root, "[data-rfc-key]").addEventListener("click", () => this.#set(RFC_KEY));
    this.#set(RFC_KEY);
  }

  /** @param {string} key */
  #set(key) {
    this.#field.value = key;
    this.#draw();
  }

  #draw() {
    const key = this.#field.value.trim();
    const problem = problemOf(key);
    this.#field.setAttribute("aria-invalid", String(problem !== null));
    setText(this.#problem, problem ? describeProblem(problem) : "");
    this.#root.classList.toggle("stale", problem !== null);
    this.#asking.stop();
    this.#showVerdict("none", "");
    if (problem) return;
    this.#shown = derive(key);
    this.#drawSteps(this.#shown);
    this.#asking.start(ASK_AFTER_MS);
  }

  /** @param {Derivation} derivation */
  #drawSteps({ key, bytes, sha1, accept }) {
    for (const element of findAll(this.#root, ".wire-key-value")) setText(element, key);
    for (const element of findAll(this.#root, ".wire-accept-value")) setText(element, accept);
    setText(find(this.#steps, ".wire-key-bytes"), hex(bytes, " "));
    const text = asText(bytes);
    show(find(this.#steps, ".wire-key-text"), text !== null);
    setText(find(this.#steps, ".wire-key-text"), text === null ? "" : phrase("wire_key_text", { text }));
    setText(find(this.#steps, ".wire-guid-value"), GUID);
    setText(find(this.#steps, ".wire-sha1-value"), sha1);
  }

  async #ask() {
    const mine = this.#shown;
    const address = new URL(this.#field.form?.action ?? "", location.href);
    address.searchParams.set("key", mine.key);
    let state = "unknown";
    let text = "";
    try {
      const response = await fetch(address);
      const answer = await response.json();
      if (!response.ok) text = phrase("wire_server_refused", { reason: answer.detail });
      else if (answer.accept === mine.accept && answer.sha1 === mine.sha1) state = "same";
      else [state, text] = ["other", phrase("wire_server_other", { accept: answer.accept })];
      if (state === "same") text = phrase("wire_server_same");
    } catch {
      text = phrase("wire_server_silent");
    }
    if (mine === this.#shown) this.#showVerdict(state, text);
  }

  /** @param {string} state none, same, other or unknown @param {string} text */
  #showVerdict(state, text) {
    this.#verdict.dataset.state = state;
    setText(this.#verdict, text);
  }
}

/** @param {KeyProblem} problem */
function describeProblem(problem) {
  if (problem.name === "empty") return phrase("wire_key_empty");
  if (problem.name === "character") return phrase("wire_key_character", { character: problem.character });
  if (problem.name === "incomplete") return phrase("wire_key_incomplete");
  return phrase("wire_key_length", { bytes: problem.bytes });
}
