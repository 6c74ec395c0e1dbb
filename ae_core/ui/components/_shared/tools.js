// Small helpers that every part of the player uses.

const PIXELS = 784;
const DIGITS = 10;
const STILL = 28; // ms for which a moving picture stands: every other frame of a usual screen is enough for a film

/** Unpack what ae_core/ui/components/packing.py packed: a plain object whose blobs are Uint8Arrays. */
function unpack(message) {
  const bytes = message instanceof Uint8Array ? message : new Uint8Array(message);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 + view.getUint32(0, true);
  const fields = JSON.parse(new TextDecoder().decode(bytes.subarray(4, start)));
  let offset = start;
  for (const [name, length] of Object.entries(fields.blobs)) {
    fields[name] = bytes.subarray(offset, offset + length);
    offset += length;
  }
  return fields;
}

/** A digit behind its indefinite article, as `with_article` in words.py: "a 7", "an 8". */
function withArticle(digit) {
  return `${digit === 8 ? "an" : "a"} ${digit}`;
}

/** An SVG element with attributes; a `text` attribute becomes its text. */
function svg(name, attributes = {}, parent = null) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  set(element, attributes);
  parent?.append(element);
  return element;
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else element.setAttribute(name, value);
  }
}

/** Write text only when it changes, so that nothing is laid out again for nothing. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const whole = (value) => WHOLE.format(value);

/** A loss in four decimals, with three significant digits where that shows more; large ones as in ae_core/words.py. */
function lossText(value) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  if (Math.abs(value) >= 1e6) return value.toExponential(2);
  if (Math.abs(value) >= 1000) return whole(value);
  if (Math.abs(value) >= 10) return value.toFixed(1);
  return Math.abs(value) < 0.01 ? Number(value.toPrecision(3)).toString() : value.toFixed(4);
}

function secondsText(seconds) {
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

const remainingText = (seconds) => (seconds < 10 ? `${seconds.toFixed(1)} s` : secondsText(seconds));

/** Speeds are known roughly: two or three digits say all. */
const rateText = (rate) => whole(rate >= 1000 ? Math.round(rate / 1000) * 1000 : rate);

/** A value of a code, as in ae_core/charts/figures.py. */
function signed(value) {
  const size = Math.abs(value);
  const words = size < 1e5 ? size.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0) : size.toExponential(1);
  return (value < 0 ? "−" : "+") + words;
}

const reducedMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Index of the sorted value nearest to x; -1 when there is none. */
function nearest(values, x) {
  let low = 0;
  let high = values.length - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] < x) low = middle;
    else high = middle;
  }
  return Math.abs(values[high] - x) < Math.abs(values[low] - x) ? high : low;
}
