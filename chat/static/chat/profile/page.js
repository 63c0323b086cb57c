/** The page of a person's own profile: crops the picture, keeps the fields while it is sent, and fills in fields by buttons. */

import { findAll, find, show } from "../dom.js";
import { PictureForm } from "./picture_form.js";
import { UnsavedFields } from "./unsaved_fields.js";

const picture = find(document, "#picture-form", HTMLFormElement);
const profile = find(document, "#profile-form", HTMLFormElement);
const unsaved = new UnsavedFields(profile, profile.dataset.owner ?? "");
unsaved.restore();
picture.addEventListener("submit", () => unsaved.keep());
new PictureForm(picture);

const emoji = find(document, "[name=status_emoji]", HTMLInputElement);
const text = find(document, "[name=status_text]", HTMLInputElement);
for (const button of findAll(document, "[data-status]")) {
  button.addEventListener("click", () => {
    emoji.value = button.dataset.emoji ?? "";
    text.value = button.dataset.status ?? "";
    text.focus();
  });
}

const zone = find(document, "[name=time_zone]", HTMLSelectElement);
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const useOwn = find(document, "[data-own-zone]", HTMLButtonElement);
show(useOwn, zone.value !== ownZone && [...zone.options].some(({ value }) => value === ownZone));
useOwn.addEventListener("click", () => {
  zone.value = ownZone;
  show(useOwn, false);
  zone.focus();
});
