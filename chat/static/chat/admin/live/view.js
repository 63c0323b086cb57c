/** Draws the live page. */

import { find, findAll, byId, fromTemplate, placeChildren, setText, show } from "../../dom.js";
import { phrase } from "../../phrases.js";
import { paths } from "./chart.js";
import { SHOWN_S, WorkerHistory, delayOf, rates, sum } from "./figures.js";

/** @typedef {import("./figures.js").Figures} Figures */
/** @typedef {import("./figures.js").WorkerFigures} WorkerFigures */

const LATE_JOB_S = 30;
const SLOW_S = 0.25;

export class LiveView {
  /** @type {Map<string, WorkerHistory>} */
  #histories = new Map();
  /** @type {Record<string, number[]>} */
  #lines = { sockets: [], messages: [], deliveries: [], delay: [] };
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  /** @type {Set<string>} workers that were told of */
  #gone = new Set();
  #workers = find(byId("live-workers"), "tbody");

  /** @param {Figures} figures */
  draw(figures) {
    for (const worker of figures.workers) {
      const history = this.#histories.get(worker.id) ?? new WorkerHistory();
      this.#histories.set(worker.id, history);
      history.add(figures.at, worker);
    }
    this.#drawCards(figures);
    this.#drawFacts(figures);
    this.#drawWorkers(figures);
    this.#drawRooms(figures);
    this.#drawErrors(figures);
  }

  /** @param {Figures} figures */
  #drawCards({ at, workers, bounds }) {
    const alive = workers.filter((worker) => worker.state === "alive");
    const steps = alive.flatMap((worker) => this.#histories.get(worker.id)?.since(at, SHOWN_S) ?? []);
    const now = rates(at, steps);
    const delay = delayOf(at, steps, bounds);
    const total = (/** @type {string} */ name) => sum(alive, (worker) => worker.numbers[name] ?? 0);
    const sockets = total("sockets");
    this.#drawCard("sockets", sockets, whole(sockets));
    this.#drawCard("messages", now.messages, whole(now.messages));
    this.#drawCard("deliveries", now.deliveries, whole(now.deliveries));
    this.#drawCard("delay", delay === null || delay === Infinity ? 0 : delay * 1000, shownDelay(delay, bounds));
  }

  /** @param {string} name @param {number} value @param {string} text */
  #drawCard(name, value, text) {
    const card = find(document, `[data-figure="${name}"]`);
    setText(find(card, ".figure-number"), text);
    const line = (this.#lines[name] ??= []);
    line.push(value);
    if (line.length > SHOWN_S) line.shift();
    const drawn = paths(line);
    find(card, ".line", SVGPathElement).setAttribute("d", drawn.line);
    find(card, ".area", SVGPathElement).setAttribute("d", drawn.area);
  }

  /** @param {Figures} figures */
  #drawFacts({ workers, layer, database, jobs }) {
    const alive = workers.filter((worker) => worker.state === "alive");
    const total = (/** @type {string} */ name) => sum(alive, (worker) => worker.numbers[name] ?? 0);
    fact("layer", milliseconds(layer), layer === null || layer > SLOW_S);
    fact("database", milliseconds(database), database === null || (database ?? 0) > SLOW_S);
    const isLate = (jobs?.oldest_s ?? 0) > LATE_JOB_S;
    const parts = jobs && [
      whole(jobs.queued),
      phrase("jobsWaiting", { running: whole(jobs.running), failed: whole(jobs.failed) }),
      ...(isLate ? [phrase("jobsLate", { seconds: whole(jobs.oldest_s) })] : []),
    ];
    fact("jobs", parts ? parts.join(" · ") : phrase("noAnswer"), !jobs || isLate || jobs.failed > 0);
    fact("slow_readers", whole(total("slow_readers")));
    fact("gaps", whole(total("gaps")));
    fact("unsent", megabytes(total("unsent")));
  }

  /** @param {Figures} figures */
  #drawWorkers({ at, workers, bounds }) {
    const rows = workers.map((worker) => {
      const row = this.#rows.get(worker.id) ?? fromTemplate("live-worker");
      this.#rows.set(worker.id, row);
      this.#drawWorker(row, worker, at, bounds);
      return row;
    });
    placeChildren(this.#workers, rows);
    const known = new Set(workers.map((worker) => worker.id));
    for (const id of [...this.#rows.keys()].filter((one) => !known.has(one))) {
      this.#rows.delete(id);
      this.#histories.delete(id);
    }
  }

  /** @param {HTMLElement} row @param {WorkerFigures} worker @param {number} at @param {number[]} bounds */
  #drawWorker(row, worker, at, bounds) {
    const { id, name, state, numbers } = worker;
    const isAlive = state === "alive";
    const steps = this.#histories.get(id)?.since(at, SHOWN_S) ?? [];
    const now = rates(at, steps);
    const waiting = (numbers.database_waiting ?? 0) + (numbers.layer_waiting ?? 0) + (numbers.pages_waiting ?? 0);
    row.dataset.state = state;
    setText(find(row, "th"), name);
    setText(find(row, ".worker-state"), stateText(worker));
    const cells = [
      whole(numbers.sockets),
      whole(numbers.people),
      whole(now.messages),
      whole(now.deliveries),
      shownDelay(delayOf(at, steps, bounds), bounds),
      whole(waiting),
      phrase("percent", { number: whole(100 * now.cpu) }),
      megabytes(numbers.memory ?? 0),
    ];
    findAll(row, "td")
      .slice(1)
      .forEach((cell, index) => setText(cell, isAlive ? (cells[index] ?? "") : phrase("nothingYet")));
    if (state === "gone" && !this.#gone.has(id)) setText(byId("live-news"), phrase("workerIsGone", { name }));
    if (state === "gone") this.#gone.add(id);
    else this.#gone.delete(id);
  }

  /** @param {Figures} figures */
  #drawRooms({ rooms }) {
    const rows = rooms.map((room) => {
      const row = fromTemplate("live-room");
      const link = find(row, "a", HTMLAnchorElement);
      link.href = `/rooms/${room.slug}/`;
      link.textContent = room.name;
      const [people, sockets] = findAll(row, "td");
      if (people) people.textContent = whole(room.people);
      if (sockets) sockets.textContent = whole(room.watchers);
      return row;
    });
    const body = find(byId("live-rooms"), "tbody");
    // A link that has the focus must keep it.
    if (body.textContent !== rows.map((row) => row.textContent).join("")) body.replaceChildren(...rows);
    show(byId("no-rooms"), !rooms.length);
    show(byId("live-rooms"), rooms.length > 0);
  }

  /** @param {Figures} figures */
  #drawErrors({ errors }) {
    const items = errors.map((error) => {
      const item = fromTemplate("live-error");
      const at = new Date(error.at * 1000);
      const time = find(item, "time", HTMLTimeElement);
      time.dateTime = at.toISOString();
      time.textContent = at.toLocaleTimeString();
      find(item, "code").textContent = `${error.worker} ${error.logger}`;
      find(item, "span").textContent = error.text;
      return item;
    });
    const list = byId("live-errors");
    if (list.textContent !== items.map((item) => item.textContent).join("")) list.replaceChildren(...items);
    show(byId("no-errors"), !errors.length);
  }
}

/** @param {string} name @param {string} text @param {boolean} isBad */
function fact(name, text, isBad = false) {
  const element = find(document, `[data-fact="${name}"]`);
  setText(find(element, "dd"), text);
  element.classList.toggle("bad", isBad);
}

/** @param {WorkerFigures} worker */
function stateText({ state, silent_s }) {
  if (state === "gone") return phrase("workerGone", { seconds: whole(silent_s) });
  return phrase(state === "ended" ? "workerEnded" : "workerAlive");
}

/** @param {number | undefined} number */
function whole(number) {
  return Math.round(number ?? 0).toLocaleString();
}

/** @param {number} bytes */
function megabytes(bytes) {
  return phrase("megabytes", { number: (bytes / 1e6).toLocaleString(undefined, { maximumFractionDigits: bytes < 1e7 ? 1 : 0 }) });
}

/** @param {number | null | undefined} seconds */
function milliseconds(seconds) {
  if (seconds === null) return phrase("noAnswer");
  if (seconds === undefined) return phrase("nothingYet");
  return phrase("milliseconds", { number: (1000 * seconds).toLocaleString(undefined, { maximumFractionDigits: 1 }) });
}

/** @param {number | null} seconds @param {number[]} bounds */
function shownDelay(seconds, bounds) {
  if (seconds === null) return phrase("nothingYet");
  if (seconds === Infinity) return `> ${milliseconds(bounds.at(-1) ?? 0)}`;
  return `≤ ${milliseconds(seconds)}`;
}
