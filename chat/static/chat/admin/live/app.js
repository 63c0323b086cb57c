/** The live page of the admin: connects, and draws what comes. */

import { byId, setText } from "../../dom.js";
import { phrase } from "../../phrases.js";
import { RetrySchedule } from "../../backoff.js";
import { LiveView } from "./view.js";

const REFUSED = 4001;
/** A text comes each second. After this time without any, the connection is given up. */
const SILENT_MS = 8_000;

const view = new LiveView();
const state = byId("live-state");
const retry = new RetrySchedule(Math.random, () => performance.now());

/** @param {"connecting" | "live" | "lost" | "refused"} is @param {string} text */
function tell(is, text) {
  state.dataset.is = is;
  setText(state, text);
}

function connect() {
  const url = new URL("/admin/live/socket/", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  let silent = setTimeout(() => socket.close(), SILENT_MS);
  socket.addEventListener("message", ({ data }) => {
    clearTimeout(silent);
    silent = setTimeout(() => socket.close(), SILENT_MS);
    retry.reset();
    tell("live", phrase("liveNow"));
    view.draw(JSON.parse(data));
  });
  socket.addEventListener("close", ({ code }) => {
    clearTimeout(silent);
    if (code === REFUSED) return tell("refused", phrase("liveRefused"));
    tell("lost", phrase("liveLost"));
    setTimeout(connect, 1000 * retry.next());
  });
}

tell("connecting", phrase("liveConnecting"));
connect();
