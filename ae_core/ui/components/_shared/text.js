// Numbers and digits in words.

const INTEGER = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
/** @type {(value: number) => string} */
export const whole = (value) => INTEGER.format(value);

/**
 * A loss in four decimals, with three significant digits where that shows more; large ones as in ae_core/formatting.py.
 *
 * @param {number | null} value
 */
export function lossText(value) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  if (Math.abs(value) >= 1e6) return value.toExponential(2);
  if (Math.abs(value) >= 1000) return whole(value);
  if (Math.abs(value) >= 10) return value.toFixed(1);
  return Math.abs(value) < 0.01 ? Number(value.toPrecision(3)).toString() : value.toFixed(4);
}

/** @param {number} seconds */
export function secondsText(seconds) {
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** @type {(seconds: number) => string} */
export const remainingText = (seconds) => (seconds < 10 ? `${seconds.toFixed(1)} s` : secondsText(seconds));

/**
 * Speeds are known roughly: two or three digits say all.
 *
 * @type {(rate: number) => string}
 */
export const rateText = (rate) => whole(rate >= 1000 ? Math.round(rate / 1000) * 1000 : rate);

/**
 * A value of a code, as `signed` in ae_core/formatting.py.
 *
 * @param {number} value
 */
export function signed(value) {
  const size = Math.abs(value);
  const words = size < 1e5 ? size.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0) : size.toExponential(1);
  return (value < 0 ? "−" : "+") + words;
}

/**
 * A digit behind its indefinite article, as `with_article` in ae_core/formatting.py: "a 7", "an 8".
 *
 * @param {number} digit
 */
export function withArticle(digit) {
  return `${digit === 8 ? "an" : "a"} ${digit}`;
}
