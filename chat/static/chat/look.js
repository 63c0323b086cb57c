/** How the page looks for its reader: colours, density, the clock, what Enter does. The server drew it so at first. */

import { useClock } from "./dates.js";
import { find, findAll } from "./dom.js";

/** @import { LookChanged } from "./wire.d.ts" */

/** Of the style sheet with the dark colours. These values are also in templates/_head.html. */
const DARK_MEDIA = { system: "screen and (prefers-color-scheme: dark)", light: "not all", dark: "screen" };
/** What the browser's own parts of the page may be. */
const SCHEMES = { system: "light dark", light: "light", dark: "dark" };

/** The colour of the browser's bar: `--ground` of the style sheets. */
const GROUNDS = { light: "#f4f4f1", dark: "#15181b" };

/** Show the page as its reader wants it now. Times that are drawn already stay. @param {LookChanged} look */
export function showLook({ theme, density, clock, enter }) {
  Object.assign(document.documentElement.dataset, { theme, density, clock, enter });
  useClock(clock);
  find(document, "#dark-colours", HTMLLinkElement).media = DARK_MEDIA[theme];
  find(document, "meta[name=color-scheme]", HTMLMetaElement).content = SCHEMES[theme];
  for (const meta of findAll(document, "meta[name=theme-color]", HTMLMetaElement)) {
    const isDark = theme === "dark" || (theme === "system" && meta.media.includes("dark"));
    meta.content = isDark ? GROUNDS.dark : GROUNDS.light;
  }
}
