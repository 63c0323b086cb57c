/** The CSRF token of the browser's cookie (Django documentation, "Acquiring the token"). */

const TOKEN_COOKIE = /(?:^|; )csrftoken=([^;]+)/;

/**
 * Read it at the last moment: a sign-in in another tab changes it.
 * @returns {string | undefined} undefined where scripts cannot read the cookie
 */
export function csrfToken() {
  return TOKEN_COOKIE.exec(document.cookie)?.[1];
}
