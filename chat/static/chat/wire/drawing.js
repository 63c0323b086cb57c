/**
 * Draws the connection from its beginning to its end: TCP, the handshake, frames, the close. Later things are lower; an
 * arrow is what one side sends. The drawing has two widths, so that its text can be read on a phone.
 */

import { now } from "../clock.js";
import { find, setText } from "../dom.js";
import { phrase } from "../phrases.js";
import { describeClose } from "./close_codes.js";
import { makeSvg } from "./elements.js";
import { count, duration, milliseconds, trafficWords } from "./units.js";

/** @import { ObservedConnection } from "./observed_connection.js" */

const WIDE = matchMedia("(min-width: 48rem)");
const SIZES = {
  wide: { width: 720, left: 120, right: 600, longest: 46 },
  narrow: { width: 360, left: 34, right: 326, longest: 38 },
};
const LINE = 18;
const TOP = 54;

/**
 * @typedef {object} Step
 * @property {"phase" | "right" | "left" | "both" | "note"} kind an arrow to the server is `right`
 * @property {string[]} lines
 * @property {boolean} [isLive] something that goes on
 */

export class Drawing {
  #root;
  #observed;
  #drawn = "";

  /** @param {HTMLElement} root @param {ObservedConnection} observed */
  constructor(root, observed) {
    this.#root = root;
    this.#observed = observed;
    WIDE.addEventListener("change", () => this.draw());
  }

  draw() {
    const size = WIDE.matches ? SIZES.wide : SIZES.narrow;
    const steps = stepsOf(this.#observed);
    const ends = endsOf(this.#observed);
    const key = JSON.stringify([size.width, ends, steps]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    const box = find(this.#root, ".drawing");
    box.replaceChildren(picture(steps, ends, size));
    const words = steps.filter(({ kind }) => kind !== "note").map(({ lines }) => lines.join(" "));
    setText(find(this.#root, ".drawing-words"), words.join(". "));
  }
}

/** The names of both sides. @param {ObservedConnection} observed @returns {[string, string, string]} */
function endsOf({ reply }) {
  const proxies = reply?.handshake.route?.filter(({ role }) => role === "proxy").length ?? 0;
  const between = proxies ? phrase("wire_drawing_proxies", { count: count(proxies) }) : "";
  return [phrase("wire_drawing_browser"), between, phrase("wire_drawing_server")];
}

/** @param {ObservedConnection} observed @returns {Step[]} */
function stepsOf(observed) {
  const handshake = handshakeSteps(observed);
  if (observed.socket?.openedAt != null) return [...handshake, ...frameSteps(observed), ...closeSteps(observed)];
  const isWaiting = observed.state.name === "connecting";
  const answer = phrase(isWaiting ? "wire_drawing_waiting" : "wire_drawing_failed");
  return [...handshake, { kind: "note", lines: [answer], isLive: isWaiting }];
}

/** @param {ObservedConnection} observed @returns {Step[]} */
function handshakeSteps({ socket, reply }) {
  const { begunAt = 0, openedAt = null } = socket ?? {};
  const { peer, request_line: line, derivation } = reply?.handshake ?? {};
  const isSecure = location.protocol === "https:";
  const packets = isSecure ? "SYN · SYN-ACK · ACK · TLS" : "SYN · SYN-ACK · ACK";
  /** @type {Step[]} */
  const steps = [
    { kind: "phase", lines: [phrase(isSecure ? "wire_drawing_tls" : "wire_drawing_tcp")] },
    { kind: "both", lines: peer ? [packets, peer] : [packets] },
    { kind: "phase", lines: [phrase("wire_drawing_upgrade")] },
    { kind: "right", lines: line ? [line, `Key: ${derivation?.key ?? ""}`] : ["GET … Upgrade: websocket"] },
  ];
  if (openedAt === null) return steps;
  const status = "101 Switching Protocols";
  steps.push({ kind: "left", lines: derivation ? [status, `Accept: ${derivation.accept}`] : [status] });
  steps.push({ kind: "note", lines: [phrase("wire_drawing_after", { time: milliseconds(openedAt - begunAt) })] });
  return steps;
}

/** @param {ObservedConnection} observed @returns {Step[]} */
function frameSteps({ traffic: { sent, received }, roundTripMs }) {
  /** @type {Step[]} */
  const steps = [
    { kind: "phase", lines: [phrase("wire_drawing_frames")] },
    { kind: "right", lines: [trafficWords(sent)] },
    { kind: "left", lines: [trafficWords(received)] },
  ];
  if (roundTripMs !== null) steps.push({ kind: "both", lines: [`ping · pong: ${milliseconds(roundTripMs)}`] });
  return steps;
}

/** @param {ObservedConnection} observed @returns {Step[]} */
function closeSteps({ socket, ending }) {
  const time = duration((ending?.at ?? now()) - (socket?.openedAt ?? 0));
  /** @type {Step} */
  const title = { kind: "phase", lines: [phrase("wire_drawing_close")] };
  if (ending === null) return [title, { kind: "note", lines: [phrase("wire_drawing_open", { time })], isLive: true }];
  const ended = phrase("wire_drawing_ended", { time });
  if (!ending.wasClean) return [title, { kind: "note", lines: [describeClose(ending.code), ended] }];
  return [
    title,
    { kind: ending.byPage ? "right" : "left", lines: [describeClose(ending.code)] },
    { kind: ending.byPage ? "left" : "right", lines: [phrase("wire_drawing_close_answer")] },
    { kind: "note", lines: [ended] },
  ];
}

/**
 * @param {Step[]} steps @param {[string, string, string]} ends
 * @param {{width: number, left: number, right: number, longest: number}} size
 */
function picture(steps, [browser, between, server], { width, left, right, longest }) {
  const parts = [];
  let y = TOP;
  for (const step of steps) {
    const lines = step.lines.map((line) => shortened(line, longest));
    if (step.kind === "phase") {
      y += 30;
      parts.push(makeSvg("text", { x: width / 2, y, class: "drawing-phase", "text-anchor": "middle" }, lines[0] ?? ""));
      y += 8;
      continue;
    }
    for (const text of lines) {
      y += LINE;
      const kind = step.kind === "note" ? `drawing-note${step.isLive ? " live" : ""}` : "drawing-text";
      parts.push(makeSvg("text", { x: width / 2, y, class: kind, "text-anchor": "middle" }, text));
    }
    if (step.kind === "note") y += 4;
    else {
      y += 10;
      parts.push(...arrow(step.kind, left, right, y));
      y += 4;
    }
  }
  const height = y + 24;
  const lives = [left, right].map((x) => makeSvg("line", { x1: x, x2: x, y1: TOP - 8, y2: height - 8, class: "drawing-life" }));
  const isNarrow = width < SIZES.wide.width;
  const heads = [
    ...head(browser, left, isNarrow ? "start" : "middle", 4),
    ...head(server, right, isNarrow ? "end" : "middle", width - 4),
    makeSvg("text", { x: width / 2, y: 30, class: "drawing-note", "text-anchor": "middle" }, between),
  ];
  return makeSvg("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, ...lives, ...heads, ...parts);
}

/** @param {string} name @param {number} x @param {string} anchor @param {number} edge */
function head(name, x, anchor, edge) {
  return [
    makeSvg("text", { x: anchor === "middle" ? x : edge, y: 30, class: "drawing-end", "text-anchor": anchor }, name),
    makeSvg("circle", { cx: x, cy: TOP - 8, r: 4, class: "drawing-dot" }),
  ];
}

/** @param {string} kind @param {number} left @param {number} right @param {number} y */
function arrow(kind, left, right, y) {
  const [from, to] = [left + 6, right - 6];
  /** @param {number} x @param {number} back */
  const tip = (x, back) => makeSvg("path", { d: `M${x + back} ${y - 5} ${x} ${y} ${x + back} ${y + 5}`, class: "drawing-tip" });
  const parts = [makeSvg("line", { x1: from, x2: to, y1: y, y2: y, class: "drawing-arrow" })];
  if (kind !== "left") parts.push(tip(to, -8));
  if (kind !== "right") parts.push(tip(from, 8));
  return parts;
}

/** @param {string} text @param {number} longest in characters */
function shortened(text, longest) {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
