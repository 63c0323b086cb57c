/** What helps a person to write in a composer: completion, formatting, preview, and notes on what will happen. */

import { Completion } from "./completion.js";
import { ComposerFormat } from "./composer_format.js";
import { pasteText } from "./composer_paste.js";
import { ComposerPreview } from "./composer_preview.js";
import { ComposerTools } from "./composer_tools.js";
import { GroupHint } from "./group_hint.js";
import { SlowMode } from "./slow_mode.js";

/**
 * @import { ComposerContext } from "./composer.js"
 * @import { ComposerField } from "./composer_field.js"
 * @import { ComposerFiles } from "./composer_files.js"
 */

/**
 * @param {HTMLElement} root of the composer
 * @param {ComposerContext} context
 * @param {ComposerField} field
 * @param {{files: ComposerFiles, isEdit: () => boolean}} parts
 */
export function addWritingAids(root, context, field, { files, isEdit }) {
  const { picker, signal, storage, store } = context;
  // An edit is no command.
  const completion = new Completion(root, context, field, ({ kind }) => kind !== "command" || !isEdit());
  new ComposerFormat(root, field, { completion, picker, storage }, signal);
  new ComposerPreview(root, context, field);
  new ComposerTools(root, field, signal);
  new GroupHint(root, context, field);
  new SlowMode(root, context);
  const attach = (/** @type {File} */ file) => files.attach([file]);
  pasteText(field, { limit: () => store.limits.body, attach, canAttach: () => !isEdit() }, signal);
}
