/** Adds files to the draft of a composer: files that a person chooses, pastes, drops, or records. */

import { phrase } from "../phrases.js";
import { checkFiles } from "../uploads/checks.js";
import { FileSources } from "./file_sources.js";
import { VoiceRecorder } from "./voice_recorder.js";

/**
 * @import { ComposerContext } from "./composer.js"
 * @import { ComposerField } from "./composer_field.js"
 * @import { Zone } from "./composer_zone.js"
 * @import { UploadTray } from "./upload_tray.js"
 */

export class ComposerFiles {
  #context;
  #parts;

  /**
   * @param {HTMLElement} root of the composer
   * @param {ComposerContext} context
   * @param {Zone} zone where files can be dropped
   * @param {{field: ComposerField, tray: UploadTray, isEdit: () => boolean}} parts
   */
  constructor(root, context, zone, parts) {
    const { notice, signal } = context;
    this.#context = context;
    this.#parts = parts;
    const sources = new FileSources(root, zone, signal);
    sources.on("files", (files) => this.attach(files));
    sources.on("folder", () => notice.show(phrase("file_folder")));
    const voice = new VoiceRecorder(root, signal);
    voice.on("files", (files) => this.attach(files));
    voice.on("refused", () => notice.show(phrase("voice_refused")));
  }

  /** Add those files that can be sent, and say why others cannot. @param {File[]} files */
  attach(files) {
    const { notice, store } = this.#context;
    const { field, isEdit, tray } = this.#parts;
    // An edit changes the text of a message, not its files.
    if (isEdit()) return notice.show(phrase("file_in_edit"));
    const { accepted, refusals } = checkFiles(files, store.limits.files, tray.files.length);
    if (accepted.length) tray.add(accepted);
    if (refusals.length) notice.show(refusals.map(({ name, values }) => phrase(name, values)).join(" "));
    field.focusUnlessTouch();
  }
}
