/**
 * Records a voice message: a button starts it, a bar with the time ends it or takes it back. The recording becomes a file
 * of the draft, which can be heard and described before it is sent.
 */

import { find, setText, show } from "../dom.js";
import { Emitter } from "../emitter.js";
import { timeText } from "../files/waveform.js";
import { phrase } from "../phrases.js";

/**
 * @typedef {object} VoiceEvents
 * @property {[File[]]} files
 * @property {[]} refused the browser gives no microphone, or that gave no sound
 */

const MAX_MS = 10 * 60 * 1000;
const TICK_MS = 250;
/** What browsers record, the best first; and the extension of the file. */
const TYPES = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/mp4", "m4a"],
  ["audio/ogg;codecs=opus", "ogg"],
];

/** @extends {Emitter<VoiceEvents>} */
export class VoiceRecorder extends Emitter {
  #form;
  #bar;
  #button;
  /** @type {MediaRecorder | null} */
  #recorder = null;
  /** @type {Blob[]} */
  #pieces = [];
  #isKept = true;
  #began = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

  /** @param {HTMLElement} root of the room @param {AbortSignal} signal ends a recording */
  constructor(root, signal) {
    super();
    this.#form = find(root, ".compose");
    this.#bar = find(this.#form, ".recording");
    this.#button = find(this.#form, "[data-record]", HTMLButtonElement);
    // Only in a secure context.
    show(this.#button, Boolean(navigator.mediaDevices) && formOf() !== undefined);
    this.#button.addEventListener("click", () => void this.#begin(signal), { signal });
    find(this.#bar, "[data-keep]").addEventListener("click", () => this.#end(true), { signal });
    find(this.#bar, "[data-discard]").addEventListener("click", () => this.#end(false), { signal });
    this.#bar.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.#end(false);
    }, { signal });
    signal.addEventListener("abort", () => this.#end(false));
  }

  /** @param {AbortSignal} signal */
  async #begin(signal) {
    const form = formOf();
    if (this.#recorder || !form) return;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (signal.aborted) return stop(stream);
      this.#record(stream, form);
    } catch {
      this.emit("refused");
    }
  }

  /** @param {MediaStream} stream @param {string[]} form */
  #record(stream, [mimeType = "", extension = ""]) {
    const recorder = (this.#recorder = new MediaRecorder(stream, { mimeType }));
    this.#pieces = [];
    this.#isKept = true;
    recorder.addEventListener("dataavailable", ({ data }) => this.#pieces.push(data));
    recorder.addEventListener("stop", () => {
      stop(stream);
      if (!this.#isKept) return;
      const [type = ""] = mimeType.split(";");
      const file = new File(this.#pieces, nameOf(extension), { type });
      // A microphone may give no sound at all.
      if (file.size) this.emit("files", [file]);
      else this.emit("refused");
    });
    recorder.start(1000);
    this.#began = performance.now();
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
    this.#show(true);
    this.#tick();
    find(this.#bar, "[data-keep]").focus();
  }

  #tick() {
    const passed = performance.now() - this.#began;
    setText(find(this.#bar, ".recording-time"), timeText(passed / 1000));
    if (passed >= MAX_MS) this.#end(true);
  }

  /** @param {boolean} isKept */
  #end(isKept) {
    const recorder = this.#recorder;
    if (!recorder) return;
    this.#recorder = null;
    clearInterval(this.#ticking);
    this.#show(false);
    this.#isKept = isKept;
    recorder.stop();
    this.#button.focus();
  }

  /** @param {boolean} isRecording */
  #show(isRecording) {
    show(this.#bar, isRecording);
    this.#form.classList.toggle("is-recording", isRecording);
  }
}

function formOf() {
  return typeof MediaRecorder === "undefined" ? undefined : TYPES.find(([type = ""]) => MediaRecorder.isTypeSupported(type));
}

/** @param {MediaStream} stream */
function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {string} extension */
function nameOf(extension) {
  const now = new Date();
  const part = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}-${part(now.getMonth() + 1)}-${part(now.getDate())}`;
  return phrase("voice_name", { at: `${day} ${part(now.getHours())}.${part(now.getMinutes())}`, extension });
}
