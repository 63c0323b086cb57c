/** The small picture in the line of a quote, if the quoted message begins with a picture or a document. */

import { find, findOptional } from "../dom.js";
import { madeUrl } from "../files/addresses.js";

/** @import { Addresses, Attachment } from "../wire.d.ts" */

/** @param {HTMLElement} line @param {Addresses} urls @param {Attachment | null} file the first one of the message */
export function drawQuotePicture(line, urls, file) {
  const known = findOptional(line, ".quote-picture", HTMLImageElement);
  const isShown = file?.state === "ready" && file.thumbs.includes("thumb-360") && !file.spoiler;
  if (!isShown) return known?.remove();
  const url = madeUrl(urls, file, "thumb-360.webp");
  if (known?.getAttribute("src") === url) return;
  known?.remove();
  const image = document.createElement("img");
  image.className = "quote-picture";
  // The name of the file is beside it.
  image.alt = "";
  image.loading = "lazy";
  image.decoding = "async";
  image.addEventListener("error", () => image.remove());
  image.src = url;
  find(line, ".quote-text").before(image);
}
