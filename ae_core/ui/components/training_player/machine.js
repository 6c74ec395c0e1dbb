// The machine: input, encoder, code, decoder, output; and the digit that flows through it.

import { drawDigit, PIXELS } from "../_shared/digits.js";
import { set, svg, write } from "../_shared/elements.js";
import { clamp } from "../_shared/numbers.js";
import { signed, whole } from "../_shared/text.js";

const BAR = 10; // width of a layer
const CAPTIONS = 24; // room for the words above
const SIZES = 40; // room for the sizes below
const PARTICLES = 36;

export class Machine {
  constructor(root, onAnother, onTip) {
    this.root = root;
    this.title = root.querySelector(".title");
    this.stage = root.querySelector(".stage");
    this.structure = root.querySelector(".structure");
    this.pulses = root.querySelector(".pulses");
    this.input = root.querySelector(".input");
    this.code = root.querySelector(".code");
    this.output = root.querySelector(".output");
    this.tip = root.querySelector(".tip");
    this.sizes = [];
    this.codeIndex = 0;
    root.querySelector(".another").onclick = onAnother;
    this.code.onpointermove = (event) => this.point(event);
    this.code.onpointerdown = (event) => this.point(event);
    this.code.onpointerleave = () => { this.pointed = null; this.tip.hidden = true; };
    this.particles = Array.from({ length: PARTICLES }, (_, i) => ({
      phase: (i + 0.5) / PARTICLES,
      lane: ((i * 0.618034) % 1) * 1.7 - 0.85, // golden ratio: spread without a pattern
      speed: 0.8 + ((i * 0.414214) % 1) * 0.4,
    }));
  }

  get codeSize() {
    return this.sizes[this.codeIndex];
  }

  setNetwork(sizes, codeIndex) {
    if (String(sizes) === String(this.sizes) && codeIndex === this.codeIndex) return;
    this.sizes = sizes;
    this.codeIndex = codeIndex;
    this.grid = codeGrid(this.codeSize);
    this.pointed = null;
    this.tip.hidden = true;
    const narrowest = Math.min(...sizes);
    write(this.title, narrowest < PIXELS
      ? `784 pixels through ${whole(narrowest)} ${narrowest === 1 ? "number" : "numbers"}`
      : "784 pixels through 784 numbers: no bottleneck");
    this.layout();
  }

  /** Place everything for the present width; called on resize and for another network. */
  layout() {
    const width = this.stage.clientWidth;
    const height = this.stage.clientHeight;
    if (!width || !height || !this.sizes.length) return;
    const inner = this.sizes.length - 2; // layers between input and output, the code among them
    const bars = inner - 1;
    const tallest = height - CAPTIONS - SIZES;
    let picture = 56;
    let box, gap;
    for (const size of [168, 140, 112, 84, 56]) {
      picture = size;
      box = codeBox(this.grid, picture, this.codeSize);
      gap = (width - 4 - 2 * picture - box.width - bars * BAR) / (inner + 1);
      const slot = gap + (bars ? BAR : 0);
      if (picture <= tallest && slot >= 26 && gap * (inner + 1) >= 0.195 * width) break;
    }
    gap = Math.min(gap, 130);
    const used = 2 * picture + box.width + bars * BAR + gap * (inner + 1);
    const middle = CAPTIONS + picture / 2 + Math.max(0, (tallest - picture) / 2);
    let x = (width - used) / 2;
    this.layers = this.sizes.map((size, index) => {
      const isPicture = index === 0 || index === this.sizes.length - 1;
      const isCode = index === this.codeIndex;
      const wide = isPicture ? picture : isCode ? box.width : BAR;
      const tall = isPicture ? picture : isCode ? box.height : Math.max(6, picture * logShare(size));
      const layer = { size, index, isPicture, isCode, x, wide, half: tall / 2, centre: x + wide / 2 };
      x += wide + gap;
      return layer;
    });
    this.middle = Math.round(middle);
    this.gap = gap;
    this.box = box;
    this.place(this.input, this.layers[0]);
    this.place(this.output, this.layers.at(-1));
    this.place(this.code, this.layers[this.codeIndex]);
    const ratio = window.devicePixelRatio || 1;
    this.ratio = ratio;
    this.code.width = Math.round(box.width * ratio);
    this.code.height = Math.round(box.height * ratio);
    this.pulses.width = Math.round(width * ratio);
    this.pulses.height = Math.round(height * ratio);
    this.drawStructure(width, height);
    this.drawCode();
  }

  place(canvas, layer) {
    layer.x = Math.round(layer.x);
    canvas.style.left = `${layer.x}px`;
    canvas.style.top = `${Math.round(this.middle - layer.half)}px`;
    canvas.style.width = `${layer.wide}px`;
    canvas.style.height = `${layer.half * 2}px`;
  }

  drawStructure(width, height) {
    const root = this.structure;
    const { layers, middle } = this;
    const code = layers[this.codeIndex];
    root.replaceChildren();
    set(root, { viewBox: `0 0 ${width} ${height}`, width, height });
    for (let i = 0; i + 1 < layers.length; i++) {
      const [from, to] = [layers[i], layers[i + 1]];
      const [left, right] = [from.x + from.wide, to.x];
      const corners = [[left, -from.half], [right, -to.half], [right, to.half], [left, from.half]];
      svg("polygon", {
        class: i < this.codeIndex ? "funnel in" : "funnel out",
        points: corners.map(([x, y]) => `${x},${middle + y}`).join(" "),
      }, root);
    }
    const reach = layers[0].half;
    const axis = { class: "mirror", x1: code.centre, x2: code.centre };
    const above = [middle - reach - 4, middle - code.half - 5];
    const below = [middle + code.half + 24, middle + reach + 18];
    for (const [y1, y2] of [above, below]) {
      if (y2 - y1 >= 6) svg("line", { ...axis, y1, y2 }, root);
    }
    for (const layer of layers) {
      if (layer.isPicture || layer.isCode) continue;
      svg("rect", {
        class: layer.index < this.codeIndex ? "bar in" : "bar out",
        x: layer.x, y: middle - layer.half, width: layer.wide, height: layer.half * 2, rx: 2,
      }, root);
    }
    this.drawWords(root, height);
  }

  drawWords(root, height) {
    const { layers, middle } = this;
    const code = layers[this.codeIndex];
    const last = layers.at(-1);
    const above = middle - layers[0].half - 11;
    const word = (text, x, y, name) => svg("text", { class: name, x, y, text }, root);
    word("input", layers[0].centre, above, "word in");
    word("output", last.centre, above, "word out");
    word("code", code.centre, above, "word");
    // narrow slots: every other size goes above its bar
    const stagger = this.gap + BAR < 30 && layers.length > 5;
    // encoder and decoder are named only where they have room beside "code"
    const room = code.centre - (layers[0].x + layers[0].wide);
    if (room > 92 && !stagger) {
      const side = (layers[0].x + layers[0].wide + code.centre - 18) / 2;
      word("encoder", side, above, "word quiet");
      word("decoder", 2 * code.centre - side, above, "word quiet");
    }
    const narrowest = Math.min(...this.sizes);
    const codeIsNarrowest = code.size === narrowest;
    for (const layer of layers) {
      const steps = Math.abs(layer.index - this.codeIndex);
      const up = stagger && !layer.isCode && !layer.isPicture && steps % 2 === 1;
      const tight = codeIsNarrowest ? layer.isCode : layer.size === narrowest;
      const y = up ? middle - layer.half - 5 : middle + layer.half + 15;
      word(whole(layer.size), layer.centre, y, tight ? "size tight" : "size");
      if (!tight) continue;
      if (!layer.isCode && !layer.isPicture) {
        svg("rect", { class: "ring", x: layer.x - 3, y: middle - layer.half - 3, width: layer.wide + 6,
                      height: layer.half * 2 + 6, rx: 4 }, root);
      }
    }
    if (narrowest < PIXELS) {
      const text = codeIsNarrowest ? "bottleneck" : `bottleneck: the layers of ${narrowest}`;
      word(text, code.centre, Math.min(height - 4, middle + layers[0].half + 32), "size tight-word");
    }
  }

  /** Show one digit in one frame. `codes` holds int8, `scale` what 127 stands for. */
  show(frame) {
    drawDigit(this.input, frame.inputs, frame.digit * PIXELS);
    drawDigit(this.output, frame.tile, frame.digit * PIXELS);
    this.values = frame.code?.subarray(frame.digit * this.codeSize, (frame.digit + 1) * this.codeSize) ?? null;
    this.scale = frame.scale ?? 1;
    this.drawCode();
    if (this.pointed !== null && this.pointed !== undefined) this.showTip();
  }

  setColours(colours) {
    this.colours = colours;
    this.drawCode();
  }

  drawCode() {
    if (!this.colours || !this.box) return;
    const context = this.code.getContext("2d");
    const { columns } = this.grid;
    const cell = this.box.cell * this.ratio;
    const gap = this.box.cell >= 6 ? Math.max(1, Math.round(this.ratio)) : 0;
    const table = this.colours.code;
    context.clearRect(0, 0, this.code.width, this.code.height);
    for (let unit = 0; unit < this.codeSize; unit++) {
      const word = table[(this.values ? Math.max(-127, this.values[unit]) : 0) + 127];
      context.fillStyle = `rgb(${word & 255},${(word >> 8) & 255},${(word >> 16) & 255})`;
      const left = Math.round((unit % columns) * cell);
      const top = Math.round(Math.floor(unit / columns) * cell);
      const right = Math.round(((unit % columns) + 1) * cell);
      const bottom = Math.round((Math.floor(unit / columns) + 1) * cell);
      context.fillRect(left, top, right - left - gap, bottom - top - gap);
    }
  }

  /** Move the pulses to this time; null takes them away. */
  pulse(time) {
    const context = this.pulses.getContext("2d");
    context.clearRect(0, 0, this.pulses.width, this.pulses.height);
    if (time === null || !this.layers || !this.colours) return;
    const first = this.layers[0];
    const start = first.x + first.wide;
    const end = this.layers.at(-1).x;
    const code = this.layers[this.codeIndex];
    context.save();
    context.scale(this.ratio, this.ratio);
    for (const particle of this.particles) {
      const share = (particle.phase + time * 0.45 * particle.speed) % 1;
      const x = start + share * (end - start);
      if (x > code.x - 2 && x < code.x + code.wide + 2) continue; // the code's cells show what is inside
      const y = this.middle + particle.lane * this.halfAt(x);
      const fade = Math.min(1, share * 12, (1 - share) * 12);
      context.globalAlpha = 0.9 * fade;
      context.fillStyle = x < code.centre ? this.colours.input : this.colours.output;
      context.beginPath();
      context.arc(x, y, 2, 0, Math.PI * 2);
      context.fill();
    }
    context.restore();
  }

  /** Half the height of the funnel at x. */
  halfAt(x) {
    for (let i = 0; i + 1 < this.layers.length; i++) {
      const [from, to] = [this.layers[i], this.layers[i + 1]];
      if (x <= to.x + to.wide || i + 2 === this.layers.length) {
        const share = clamp((x - from.x - from.wide) / (to.x - from.x - from.wide), 0, 1);
        return from.half + (to.half - from.half) * share;
      }
    }
    return 0;
  }

  point(event) {
    const area = this.code.getBoundingClientRect();
    const column = Math.floor((event.clientX - area.left) / this.box.cell);
    const line = Math.floor((event.clientY - area.top) / this.box.cell);
    const unit = line * this.grid.columns + column;
    const inside = column >= 0 && column < this.grid.columns && line >= 0 && unit < this.codeSize;
    this.pointed = inside ? unit : null;
    this.tip.hidden = !inside;
    if (inside) this.showTip();
  }

  showTip() {
    const code = this.layers[this.codeIndex];
    const column = this.pointed % this.grid.columns;
    const line = Math.floor(this.pointed / this.grid.columns);
    const value = this.values ? signed((Math.max(-127, this.values[this.pointed]) / 127) * this.scale) : "–";
    write(this.tip, `unit ${this.pointed + 1}: ${value}`);
    this.tip.style.left = `${code.x + (column + 0.5) * this.box.cell}px`;
    this.tip.style.top = `${this.middle - code.half + line * this.box.cell - 6}px`;
  }

  /** Say in words what is seen; called at a low rate. */
  describe(digit, images, noisy) {
    this.input.setAttribute("aria-label", `Input: ${digit}${noisy ? ", with noise" : ""}`);
    const when = images === null ? "No output yet" : `Output after ${whole(images)} images`;
    this.output.setAttribute("aria-label", `${when}, for the input: ${digit}`);
    const numbers = `Code of ${digit}: ${this.codeSize} ${this.codeSize === 1 ? "number" : "numbers"}`;
    if (!this.values) return this.code.setAttribute("aria-label", numbers);
    const least = (Math.min(...this.values) / 127) * this.scale;
    const most = (Math.max(...this.values) / 127) * this.scale;
    this.code.setAttribute("aria-label", `${numbers} from ${signed(least)} to ${signed(most)}`);
  }
}

/** Height of a layer as a share of the picture's: bars follow the logarithm of the size. */
const logShare = (size) => Math.log(size + 1) / Math.log(PIXELS + 1);

/** Rows and columns for the cells of a code: near a square, without empty cells where that goes well. */
function codeGrid(size) {
  if (size <= 3) return { rows: size, columns: 1 };
  for (let columns = Math.floor(Math.sqrt(size)); columns >= Math.sqrt(size / 1.5); columns--) {
    if (size % columns === 0) return { rows: size / columns, columns };
  }
  const rows = Math.ceil(Math.sqrt(size));
  return { rows, columns: Math.ceil(size / rows) };
}

/** Size of the code's cells: as tall as a layer of that size, but large enough to be seen. */
function codeBox(grid, picture, size) {
  const large = Math.min(22, picture / grid.rows);
  const least = Math.min(grid.rows <= 3 ? 16 : picture < 100 ? 8 : 10, large);
  const wanted = clamp((picture * logShare(size)) / grid.rows, least, large);
  const cell = wanted >= 4 ? Math.floor(wanted) : Math.floor(wanted * 2) / 2;
  return { cell, width: cell * grid.columns, height: cell * grid.rows };
}
