// Colours for the pixels. CSS names them (see training_player.css), so that they follow the theme.

/** A table of 255 colours, for -127..127: `low` over `ground` to `high`; as the 32-bit words of image data. */
function diverging(low, ground, high) {
  const table = new Uint8ClampedArray(255 * 4);
  for (let value = -127; value <= 127; value++) {
    const end = value < 0 ? low : high;
    const share = (Math.abs(value) / 127) ** 0.7; // small values stay visible
    for (let channel = 0; channel < 3; channel++) {
      table[(value + 127) * 4 + channel] = ground[channel] + (end[channel] - ground[channel]) * share;
    }
    table[(value + 127) * 4 + 3] = 255;
  }
  return new Uint32Array(table.buffer);
}

/** Any CSS colour as [r, g, b], 0..255: the browser itself does the reading. */
function rgb(colour) {
  const canvas = rgb.canvas ??= new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#000";
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** The theme's colours, and whether its ground is dark; marks the root so that the CSS can follow. */
function readColours(root) {
  const style = getComputedStyle(root);
  const named = (name) => style.getPropertyValue(name).trim();
  const [red, green, blue] = rgb(named("--st-background-color") || "#fff");
  const dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110;
  root.dataset.theme = dark ? "dark" : "light";
  const mixed = (name) => rgb(named(name)); // read again: the mark above chose the set
  return {
    error: diverging(mixed("--missing"), mixed("--error-ground"), mixed("--extra")),
    code: diverging(mixed("--negative"), mixed("--code-ground"), mixed("--positive")),
    input: named("--input"),
    output: named("--output"),
  };
}

/** The pixels of a small canvas as 32-bit words; made once and then written again and again. */
function wordsOf(canvas) {
  canvas.image ??= canvas.getContext("2d").createImageData(canvas.width, canvas.height);
  return (canvas.words ??= new Uint32Array(canvas.image.data.buffer));
}

/** Draw 784 grey pixels (0 = ground, 255 = ink) on a 28 x 28 canvas. */
function drawDigit(canvas, pixels, offset = 0) {
  const words = wordsOf(canvas);
  for (let i = 0; i < PIXELS; i++) {
    const grey = pixels ? pixels[offset + i] : 0;
    words[i] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
  }
  canvas.getContext("2d").putImageData(canvas.image, 0, 0);
}

/** Draw output - target, signed, on a 28 x 28 canvas. */
function drawError(canvas, output, target, offset, table) {
  const words = wordsOf(canvas);
  for (let i = 0; i < PIXELS; i++) {
    const value = output ? Math.trunc((output[offset + i] - target[offset + i]) / 2) : 0;
    words[i] = table[value + 127];
  }
  canvas.getContext("2d").putImageData(canvas.image, 0, 0);
}
