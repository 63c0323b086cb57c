/** The loudness of a sound over its time, for its waveform. */

/**
 * @param {Float32Array} samples of one channel
 * @param {number} count of bars
 * @returns {number[]} the loudness of each bar; the loudest one is 1
 */
export function loudnessOf(samples, count) {
  const size = samples.length / count;
  const bars = Array.from({ length: count }, (_, bar) => {
    let sum = 0;
    const [from, to] = [Math.floor(bar * size), Math.floor((bar + 1) * size)];
    for (let at = from; at < to; at += 1) sum += (samples[at] ?? 0) ** 2;
    return Math.sqrt(sum / Math.max(1, to - from));
  });
  const loudest = Math.max(...bars);
  return loudest ? bars.map((bar) => bar / loudest) : bars;
}

/** @param {number} seconds @returns {string} such as 1:05 */
export function timeText(seconds) {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
