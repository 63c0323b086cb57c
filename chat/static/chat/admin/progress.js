/** Follows long work: asks for the page again until the work has ended, and shows its new state. */

const EVERY_MS = 1000;

const timer = setInterval(async () => {
  if (document.hidden) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const state = page.querySelector(".account-state");
  if (!state) return;
  document.querySelector(".account-state")?.replaceWith(state);
  if (!state.querySelector("progress")) clearInterval(timer);
}, EVERY_MS);
