/** The form of the buttons that join a room, leave it and sign out. */

import { csrfToken } from "../csrf.js";
import { byId } from "../dom.js";

/**
 * Make the form a POST with the CSRF token of the browser's cookie. The page itself has no token, because its text is
 * cached for everyone. Where scripts cannot read the cookie, the form stays a GET, which leads to a page that asks for
 * confirmation.
 * @param {() => void} onSignOut called before the person is signed out
 */
export function setUpActionForm(onSignOut) {
  const form = byId("action", HTMLFormElement);
  form.addEventListener("submit", ({ submitter }) => {
    const token = csrfToken();
    if (!token) return;
    form.method = "post";
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "csrfmiddlewaretoken", value: token });
    form.replaceChildren(input);
    if (submitter?.matches("[data-sign-out]")) onSignOut();
  });
}
