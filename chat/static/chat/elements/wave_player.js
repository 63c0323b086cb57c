/**
 * A short sound, such as a voice message, with its waveform. The browser decodes it when it comes near the screen; until
 * then, and for one that it cannot decode, there is a plain line.
 */

import { find, setText, show } from "../dom.js";
import { fileUrl } from "../files/addresses.js";
import { loudnessOf, timeText } from "../files/waveform.js";

/** @import { Addresses, Attachment } from "../wire.d.ts" */

/** A longer sound has the browser's own player. */
export const MAX_BYTES = 2_000_000;
const BARS = 56;
const NEAR = "200px";
const STEPS = 1000;
const GAP = 0.4;
const LEAST = 0.08;

export class WavePlayer {
  #audio;
  #canvas;
  #slider;
  #time;
  #button;
  #url;
  /** @type {number[]} */
  #bars = Array(BARS).fill(LEAST);
  #duration;

  /** @param {HTMLElement} element `.file-audio` @param {Addresses} urls @param {Attachment} file */
  constructor(element, urls, file) {
    this.#audio = find(element, "audio", HTMLAudioElement);
    this.#canvas = find(element, "canvas", HTMLCanvasElement);
    this.#slider = find(element, "input", HTMLInputElement);
    this.#time = find(element, ".wave-time");
    this.#button = find(element, ".wave-play", HTMLButtonElement);
    this.#url = fileUrl(urls, file);
    this.#duration = (file.duration_ms ?? 0) / 1000;
    this.#audio.controls = false;
    show(find(element, ".wave"), true);
    this.#slider.max = String(STEPS);
    this.#button.addEventListener("click", () => void this.#toggle());
    this.#slider.addEventListener("input", () => this.#seek());
    for (const name of ["timeupdate", "ended", "durationchange"]) this.#audio.addEventListener(name, () => this.#draw());
    for (const name of ["play", "pause", "ended"]) this.#audio.addEventListener(name, () => this.#drawButton());
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      void this.#decode();
    }, { rootMargin: NEAR });
    observer.observe(element);
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
    this.#drawButton();
  }

  async #decode() {
    try {
      const response = await fetch(this.#url);
      const context = new OfflineAudioContext(1, 1, 8000);
      const sound = await context.decodeAudioData(await response.arrayBuffer());
      this.#duration = sound.duration;
      this.#bars = loudnessOf(sound.getChannelData(0), BARS);
    } catch {
      // It stays a line. Whether it can be played, the player finds out.
    }
    this.#draw();
  }

  async #toggle() {
    if (!this.#audio.paused) return this.#audio.pause();
    await this.#audio.play().catch(() => {});
  }

  #seek() {
    if (this.#length) this.#audio.currentTime = (Number(this.#slider.value) / STEPS) * this.#length;
    this.#draw();
  }

  /** In seconds. A recording of a browser does not say how long it is. */
  get #length() {
    return Number.isFinite(this.#audio.duration) && this.#audio.duration > 0 ? this.#audio.duration : this.#duration;
  }

  #drawButton() {
    const isPlaying = !this.#audio.paused && !this.#audio.ended;
    show(find(this.#button, "[data-playing]"), isPlaying);
    show(find(this.#button, "[data-paused]"), !isPlaying);
  }

  #draw() {
    const { currentTime } = this.#audio;
    const part = this.#length ? Math.min(1, currentTime / this.#length) : 0;
    this.#slider.value = String(Math.round(part * STEPS));
    setText(this.#time, timeText(currentTime || this.#length));
    this.#slider.setAttribute("aria-valuetext", `${timeText(currentTime)} / ${timeText(this.#length)}`);
    const { clientWidth, clientHeight } = this.#canvas;
    const scale = devicePixelRatio;
    this.#canvas.width = clientWidth * scale;
    this.#canvas.height = clientHeight * scale;
    const drawing = this.#canvas.getContext("2d");
    if (!drawing) return;
    const style = getComputedStyle(this.#canvas);
    const step = this.#canvas.width / BARS;
    for (const [index, bar] of this.#bars.entries()) {
      drawing.fillStyle = (index + 0.5) / BARS <= part ? style.color : style.borderColor;
      const height = Math.max(bar, LEAST) * this.#canvas.height;
      drawing.fillRect(index * step, (this.#canvas.height - height) / 2, step * (1 - GAP), height);
    }
  }
}
