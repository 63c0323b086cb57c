/** Draws a picture that is still a file of this browser on a canvas. */

/** Pictures are decoded one after another: a photo takes up to a hundred megabytes while it is decoded. */
let last = Promise.resolve();

/**
 * Draw a picture so that it fills the canvas, or give the canvas the shape of the picture.
 * @param {HTMLCanvasElement} canvas
 * @param {Blob} blob
 * @param {{width: number, height: number, isCropped: boolean}} box in CSS pixels: the size of the canvas if the picture
 *   is cropped to it, else the largest one
 * @returns {Promise<boolean>} false if the browser does not know this kind of picture; the canvas is unchanged then
 */
export function drawLocalPicture(canvas, blob, box) {
  const drawn = last.then(() => draw(canvas, blob, box)).catch(() => false);
  last = drawn.then(() => {});
  return drawn;
}

/** @param {HTMLCanvasElement} canvas @param {Blob} blob @param {{width: number, height: number, isCropped: boolean}} box */
async function draw(canvas, blob, { width, height, isCropped }) {
  const image = await createImageBitmap(blob);
  const ratios = [width / image.width, height / image.height];
  const scale = isCropped ? Math.max(...ratios) : Math.min(1, ...ratios);
  const [drawnWidth, drawnHeight] = [image.width * scale, image.height * scale];
  const [shownWidth, shownHeight] = isCropped ? [width, height] : [drawnWidth, drawnHeight];
  canvas.width = Math.max(1, Math.round(shownWidth * devicePixelRatio));
  canvas.height = Math.max(1, Math.round(shownHeight * devicePixelRatio));
  const context = canvas.getContext("2d");
  if (!context) return false;
  context.imageSmoothingQuality = "high";
  context.scale(canvas.width / shownWidth, canvas.height / shownHeight);
  context.drawImage(image, (shownWidth - drawnWidth) / 2, (shownHeight - drawnHeight) / 2, drawnWidth, drawnHeight);
  image.close();
  return true;
}
