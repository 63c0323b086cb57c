/** A video or a sound that plays in its place. The browser asks for the parts that it needs. */

import { find, fromTemplate, setText } from "../dom.js";
import { downloadUrl, fileUrl } from "../files/addresses.js";
import { boxOf } from "../files/box.js";
import { kindOf, sizeText } from "../files/kinds.js";
import { phrase } from "../phrases.js";
import { MAX_BYTES, WavePlayer } from "./wave_player.js";

/**
 * @import { Reloads } from "../files/reloads.js"
 * @import { Addresses, Attachment } from "../wire.d.ts"
 */

/** Of a video that does not say. */
const WIDE = { width: 640, height: 360 };

/** @param {Addresses} urls @param {Attachment} file @param {Reloads} reloads @returns {HTMLElement} */
export function makePlayer(urls, file, reloads) {
  const isVideo = kindOf(file) === "video";
  const element = fromTemplate(isVideo ? "file-video-template" : "file-audio-template");
  const player = find(element, isVideo ? "video" : "audio", HTMLMediaElement);
  player.setAttribute("aria-label", file.alt || file.name);
  // With a fragment, the first picture of a video is drawn before it plays.
  player.src = `${fileUrl(urls, file)}${isVideo ? "#t=0.1" : ""}`;
  setText(find(element, ".file-name"), file.name);
  setText(find(element, ".file-facts"), sizeText(file.size));
  const link = find(element, "a", HTMLAnchorElement);
  link.href = downloadUrl(urls, file);
  link.title = phrase("file_download", { name: file.name });
  setText(find(link, ".visually-hidden"), link.title);
  player.addEventListener("error", () => reloads.add(element, () => player.load()));
  if (isVideo) {
    const { width, ratio } = boxOf(file.width ?? WIDE.width, file.height ?? WIDE.height);
    element.style.setProperty("--width", `${Math.max(width, 240)}px`);
    element.style.setProperty("--ratio", String(ratio));
  }
  else if (file.size <= MAX_BYTES) new WavePlayer(element, urls, file);
  // One at a time.
  player.addEventListener("play", () => pauseOthers(player));
  return element;
}

/** @param {HTMLMediaElement} player */
function pauseOthers(player) {
  for (const other of document.querySelectorAll("video, audio")) {
    if (other !== player && other instanceof HTMLMediaElement) other.pause();
  }
}
