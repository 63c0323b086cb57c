/** The section "Connection doctor" of `/wire/`: runs the checks and draws their results. */

import { copyText } from "../clipboard.js";
import { now } from "../clock.js";
import { byId, find, findAll, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { Timer } from "../timer.js";
import { BROWSER_CHECKS, REQUIRED_CHECK, resultOf } from "./browser_checks.js";
import { reportText } from "./check_report.js";
import { CheckRow } from "./check_row.js";
import { NotChecked, askServer } from "./server_checks.js";

/** @import { Environment } from "./browser_checks.js" */

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);
const PROGRESS_MS = 250;
const COPIED_MS = 2_000;
const request = fetch.bind(globalThis);

export class Doctor {
  #root = byId("wire-doctor");
  #form = byId("wire-doctor-form", HTMLFormElement);
  #summary = find(this.#root, ".doctor-summary");
  #run = find(this.#root, "[data-run]", HTMLButtonElement);
  #skip = find(this.#root, "[data-skip]", HTMLButtonElement);
  #copy = find(this.#root, "[data-copy]", HTMLButtonElement);
  #copied = new Timer(() => setText(this.#copy, phrase("doctor_copy")));
  #skipping = new AbortController();
  /** @type {CheckRow[]} */
  #browserRows = [];
  /** @type {CheckRow[]} */
  #serverRows = [];

  #url;

  /** @param {string} url of the page's socket */
  constructor(url) {
    this.#url = url;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#examine();
    });
    this.#skip.addEventListener("click", () => this.#skipping.abort());
    this.#copy.addEventListener("click", () => this.#copyReport());
  }

  async #examine() {
    this.#begin();
    const environment = this.#environment();
    const isOpen = await this.#runShortChecks(environment);
    await Promise.all([this.#askServer(), isOpen && this.#runIdle(environment)]);
    this.#finish();
  }

  #begin() {
    this.#run.disabled = true;
    show(this.#copy, false);
    this.#skipping = new AbortController();
    const [browserList, serverList] = findAll(this.#root, ".checks");
    this.#browserRows = BROWSER_CHECKS.map(({ title }) => new CheckRow(phrase(title)));
    this.#serverRows = [];
    browserList?.replaceChildren(...this.#browserRows.map(({ element }) => element));
    serverList?.replaceChildren();
    show(find(this.#root, ".doctor-results"), true);
    setText(this.#summary, phrase("doctor_running"));
  }

  /** @returns {Environment} */
  #environment() {
    const [navigation] = performance.getEntriesByType("navigation");
    return {
      url: this.#url,
      path: new URL(this.#url).pathname,
      http: navigation instanceof PerformanceNavigationTiming ? navigation.nextHopProtocol : "",
      isSecure: location.protocol === "https:",
      isLocal: LOCAL.has(location.hostname),
      idleMs: 1000 * Number(this.#form.dataset.idle),
      skip: this.#skipping.signal,
      WebSocket,
      fetch: request,
      now,
    };
  }

  /** Run all checks but the last one. @param {Environment} environment @returns {Promise<boolean>} whether sockets open */
  async #runShortChecks(environment) {
    for (const [index, { name, check }] of BROWSER_CHECKS.slice(0, -1).entries()) {
      const row = this.#browserRows[index];
      row?.setRunning();
      const found = await resultOf(check, environment);
      row?.setFound(found);
      if (name !== REQUIRED_CHECK || found.outcome !== "failed") continue;
      for (const later of this.#browserRows.slice(index + 1)) later.setNotRun();
      return false;
    }
    return true;
  }

  /** @param {Environment} environment */
  async #runIdle(environment) {
    const row = this.#browserRows.at(-1);
    const check = BROWSER_CHECKS.at(-1)?.check;
    if (!row || !check) return;
    const begun = now();
    const progress = new Timer(() => {
      row.setProgress((now() - begun) / environment.idleMs);
      progress.start(PROGRESS_MS);
    });
    row.setRunning();
    progress.start(0);
    show(this.#skip, true);
    const found = await resultOf(check, environment);
    progress.stop();
    const hadFocus = this.#skip === document.activeElement;
    show(this.#skip, false);
    // A keyboard user goes on from the place where the button was.
    if (hadFocus) this.#summary.focus();
    row.setFound(found);
  }

  async #askServer() {
    const list = findAll(this.#root, ".checks")[1];
    const waiting = this.#addServerRow(phrase("doctor_asking"), list);
    waiting.setRunning();
    try {
      const token = find(this.#form, "[name=csrfmiddlewaretoken]", HTMLInputElement).value;
      for await (const result of askServer(this.#form.action, token, { request })) {
        this.#addServerRow(result.title, list).setResult(result.outcome, result.sentence, result.advice);
        list?.append(waiting.element);
      }
      this.#dropServerRow(waiting);
    } catch (error) {
      const reason = error instanceof NotChecked ? error.message : "";
      waiting.setTitle(phrase("doctor_not_asked"));
      waiting.setResult("skipped", reason || phrase("doctor_no_answer"), reason ? "" : phrase("advice_origin"));
    }
  }

  /** @param {string} title @param {HTMLElement | undefined} list */
  #addServerRow(title, list) {
    const row = new CheckRow(title);
    this.#serverRows.push(row);
    list?.append(row.element);
    return row;
  }

  /** @param {CheckRow} row */
  #dropServerRow(row) {
    row.element.remove();
    this.#serverRows = this.#serverRows.filter((other) => other !== row);
  }

  #finish() {
    const outcomes = [...this.#browserRows, ...this.#serverRows].map(({ outcome }) => outcome);
    const failed = outcomes.filter((outcome) => outcome === "failed").length;
    const warnings = outcomes.filter((outcome) => outcome === "warning").length;
    this.#summary.dataset.outcome = failed ? "failed" : warnings ? "warning" : "ok";
    setText(this.#summary, summaryOf(failed, warnings));
    this.#run.disabled = false;
    setText(this.#run, phrase("doctor_again"));
    show(this.#copy, true);
  }

  async #copyReport() {
    const head = [phrase("doctor_report", { address: location.origin }), new Date().toISOString(), navigator.userAgent];
    const headings = findAll(this.#root, ".checks-title").map(({ textContent }) => textContent ?? "");
    const groups = [this.#browserRows, this.#serverRows].map((rows, index) => ({
      heading: headings[index] ?? "",
      lines: rows.map((row) => row.asLine()),
    }));
    const isCopied = await copyText(reportText(head, groups));
    setText(this.#copy, phrase(isCopied ? "doctor_copied" : "not_copied"));
    this.#copied.start(COPIED_MS);
  }
}

/** @param {number} failed @param {number} warnings */
function summaryOf(failed, warnings) {
  if (failed === 1) return phrase("doctor_one_failed");
  if (failed) return phrase("doctor_failed", { count: failed });
  if (warnings === 1) return phrase("doctor_one_warning");
  if (warnings) return phrase("doctor_warnings", { count: warnings });
  return phrase("doctor_all_ok");
}
