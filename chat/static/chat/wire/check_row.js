/** One check of the connection doctor, as a row of a list. */

import { find, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";

/**
 * @import { Found } from "./browser_checks.js"
 * @import { Line } from "./check_report.js"
 *
 * @typedef {"waiting" | "running" | "not_run" | Found["outcome"]} RowOutcome
 */

/** @type {Record<RowOutcome, string>} */
const OUTCOME_PHRASES = {
  waiting: "outcome_waiting",
  running: "outcome_running",
  ok: "outcome_ok",
  warning: "outcome_warning",
  failed: "outcome_failed",
  skipped: "outcome_skipped",
  not_run: "outcome_not_run",
};

export class CheckRow {
  element = fromTemplate("wire-check-template");
  /** @type {RowOutcome} */
  outcome = "waiting";
  #title = find(this.element, ".check-title");
  #sentence = find(this.element, ".check-sentence");
  #advice = find(this.element, ".check-advice");
  #progress = find(this.element, "progress", HTMLProgressElement);

  /** @param {string} title */
  constructor(title) {
    this.setTitle(title);
    this.#set("waiting");
  }

  /** @param {string} title */
  setTitle(title) {
    setText(this.#title, title);
  }

  setRunning() {
    this.#set("running");
  }

  /** The check needs one that has failed. */
  setNotRun() {
    this.#set("not_run", phrase("doctor_needs_upgrade"));
  }

  /** @param {Found} found */
  setFound({ outcome, sentence, values = {}, advice = "" }) {
    this.setResult(outcome, phrase(sentence, values), advice && phrase(advice, values));
  }

  /** @param {Found["outcome"]} outcome @param {string} sentence @param {string} advice */
  setResult(outcome, sentence, advice) {
    this.#set(outcome, sentence, advice);
  }

  /** @param {number} share of the time that the check takes, from 0 to 1 */
  setProgress(share) {
    show(this.#progress, true);
    this.#progress.value = Math.min(1, share);
  }

  /** @returns {Line} */
  asLine() {
    const [title, sentence, advice] = [this.#title, this.#sentence, this.#advice].map((each) => each.textContent ?? "");
    return { title: title ?? "", outcome: phrase(OUTCOME_PHRASES[this.outcome]), sentence: sentence ?? "", advice: advice ?? "" };
  }

  /** @param {RowOutcome} outcome @param {string} [sentence] @param {string} [advice] */
  #set(outcome, sentence = "", advice = "") {
    this.outcome = outcome;
    this.element.dataset.outcome = outcome;
    setText(find(this.element, ".check-outcome"), phrase(OUTCOME_PHRASES[outcome]));
    setText(this.#sentence, sentence);
    setText(this.#advice, advice);
    show(this.#advice, advice !== "");
    show(this.#progress, false);
  }
}
