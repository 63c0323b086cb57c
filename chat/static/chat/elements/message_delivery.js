/** How far a message is: it waits in the outbox, was not sent, is held by a filter, or was removed by a moderator. */

import { find, findOptional, fromTemplate, setText } from "../dom.js";
import { phrase } from "../phrases.js";
import { updatePart } from "./message_parts.js";

/** @import { Shown } from "../unsent.js" */

/** @param {HTMLElement} article @param {Shown} message */
export function drawDelivery(article, { delivery_state: state, fileNames, reason, removed }) {
  const isWaiting = state === "waiting";
  const isFailed = state === "failed";
  article.classList.toggle("pending", isWaiting);
  article.classList.toggle("failed", isFailed);
  drawSending(find(article, ".byline"), isWaiting);
  const failed = updatePart(article, "delivery-state", isFailed);
  if (failed) setText(find(failed, ".reason"), phrase("not_sent", { reason: reason ?? "" }));
  const held = updatePart(article, "held-state", state === "held");
  if (held) setText(find(held, ".held-files"), fileNames?.join(", ") ?? "");
  updatePart(article, "removed-state", removed);
}

/** "Sending…" after the time. The style shows it when the message has waited for a while. @param {HTMLElement} byline @param {boolean} isWaiting */
function drawSending(byline, isWaiting) {
  const known = findOptional(byline, ".sending");
  if (!isWaiting) known?.remove();
  else if (!known) byline.append(" ", fromTemplate("sending-template"));
}
