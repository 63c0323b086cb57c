/** How the browser came to load this page. */

/** Navigation Timing, `type`. */
const RETURNS = new Set(["back_forward", "reload"]);

/** Whether the person has seen the page before, and comes back to it: by Back, Forward or a reload. */
export function isReturn() {
  const [load] = performance.getEntriesByType("navigation");
  return load instanceof PerformanceNavigationTiming && RETURNS.has(load.type);
}
