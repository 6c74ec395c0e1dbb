// The curve: training and test loss against images seen, with lines that give a loss its meaning.

import { set, svg, write } from "../_shared/elements.js";
import { clamp, nearest } from "../_shared/numbers.js";
import { isLive } from "../_shared/run_status.js";
import { countTick, linearTicks, logTicks, lossTick, scale } from "../_shared/scales.js";
import { lossText, whole } from "../_shared/text.js";
import { ASCENT, DESCENT, placeLabels } from "./labels.js";

const MARGIN = { top: 20, right: 12, bottom: 36, left: 44 };
const DRAG = 6; // px: less is a click
const DEEP = 1000; // on a log scale, how far below the curve a reference may be and still be drawn

export class Curve {
  constructor(root, onPick) {
    this.root = root;
    this.onPick = onPick;
    this.title = root.querySelector(".title");
    this.plot = root.querySelector(".plot");
    this.svg = root.querySelector(".plot svg");
    this.tip = root.querySelector(".tip");
    this.logButton = root.querySelector(".log");
    this.resetButton = root.querySelector(".reset");
    this.testValue = root.querySelector(".key.test b");
    this.trainValue = root.querySelector(".key.train b");
    this.logarithmic = true;
    this.zoom = null; // [low, high] in images
    this.hover = null; // x of the pointer in the plot
    this.drag = null;
    this.shown = -1;
    this.growing = true;
    this.build();
    this.logButton.onclick = () => { this.logarithmic = !this.logarithmic; this.draw(); };
    this.resetButton.onclick = () => { this.resetZoom(); this.logButton.focus(); }; // it takes itself away
    this.svg.onpointerdown = (event) => this.press(event);
    this.svg.onpointermove = (event) => this.move(event);
    this.svg.onpointerup = (event) => this.release(event);
    this.svg.onpointercancel = () => { this.drag = null; this.drawDrag(); };
    this.svg.onpointerleave = () => { if (!this.drag) { this.hover = null; this.drawHover(); } };
    this.svg.ondblclick = () => this.resetZoom();
  }

  build() {
    const root = this.svg;
    root.replaceChildren();
    const id = `training-player-${Math.random().toString(36).slice(2)}`;
    const defs = svg("defs", {}, root);
    const clip = (name) => {
      const path = svg("clipPath", { id: `${id}-${name}` }, defs);
      return svg("rect", {}, path);
    };
    this.plotClip = clip("plot");
    this.pastClip = clip("past");
    this.grid = svg("g", { class: "grid" }, root);
    this.references = svg("g", { class: "references" }, root);
    const lines = svg("g", { "clip-path": `url(#${id}-plot)` }, root);
    this.future = svg("g", { class: "future" }, lines);
    this.past = svg("g", { "clip-path": `url(#${id}-past)` }, lines);
    for (const group of [this.future, this.past]) {
      group.train = svg("path", { class: "line train" }, group);
      group.test = svg("path", { class: "line test" }, group);
    }
    this.dragArea = svg("rect", { class: "drag", visibility: "hidden" }, root);
    this.now = svg("g", { class: "now", visibility: "hidden" }, root);
    this.now.line = svg("line", {}, this.now);
    this.now.train = svg("circle", { class: "train", r: 3 }, this.now);
    this.now.test = svg("circle", { class: "test", r: 4.5 }, this.now);
    this.words = svg("g", { class: "words" }, root);
    this.final = svg("path", { class: "final", visibility: "hidden", d: "M0-6L6 0 0 6-6 0z" }, root);
    this.cross = svg("g", { class: "cross", visibility: "hidden" }, root);
    this.cross.line = svg("line", {}, this.cross);
    this.cross.train = svg("circle", { class: "train", r: 3 }, this.cross);
    this.cross.test = svg("circle", { class: "test", r: 3.5 }, this.cross);
  }

  /** Take a view. All points are drawn in one path, so hundreds of them cost nothing. */
  update(view) {
    this.view = view;
    this.draw();
  }

  resetZoom() {
    this.zoom = null;
    this.draw();
  }

  layout() {
    this.width = this.plot.clientWidth;
    this.height = this.plot.clientHeight;
    this.draw();
  }

  draw() {
    if (!this.view || !this.width || !this.height) return;
    const { width, height, view } = this;
    set(this.svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    this.logButton.setAttribute("aria-pressed", String(this.logarithmic));
    this.resetButton.hidden = !this.zoom;
    this.setScales();
    const area = { x: MARGIN.left, y: MARGIN.top, width: width - MARGIN.left - MARGIN.right,
                   height: height - MARGIN.top - MARGIN.bottom };
    set(this.plotClip, { ...area, y: area.y - 2, height: area.height + 4 });
    this.drawGrid();
    for (const name of ["train", "test"]) {
      const path = this.strokes(view.columns[name]).map((stroke) => `M${stroke.join("L")}`).join("");
      set(this.past[name], { d: path });
      set(this.future[name], { d: path });
    }
    this.drawReferences();
    this.drawNow();
    this.drawDrag();
    this.drawHover();
  }

  setScales() {
    const { view } = this;
    const last = view.columns.images.at(-1) ?? 0;
    const reached = Math.max(last, view.final_test === null ? 0 : view.final_images);
    const [left, right] = this.zoom ?? [0, Math.max(1, isLive(view) ? view.total_images : reached)];
    this.x = scale(left, right, MARGIN.left, this.width - MARGIN.right);
    // y holds what x shows, and the references, so that they can be compared
    const seen = [];
    view.columns.images.forEach((images, i) => {
      if (images < left || images > right) return;
      seen.push(...[view.columns.train[i], view.columns.test[i]].filter(Number.isFinite));
    });
    if (Number.isFinite(view.final_test)) seen.push(view.final_test);
    const marks = view.references.map((reference) => reference.value).filter(Number.isFinite);
    const possible = (values) => (this.logarithmic ? values.filter((value) => value > 0) : values);
    const values = possible([...seen, ...marks]);
    let low = values.length ? Math.min(...values) : 0.1;
    const lowest = Math.min(...possible(seen));
    if (this.logarithmic && lowest < Infinity) low = Math.max(low, lowest / DEEP);
    // a diverging run must not press everything else flat: keep at most 3 decades, or 20 times the median
    let high = values.length ? Math.max(...values) : 1;
    const middle = seen.length ? [...seen].sort((a, b) => a - b)[seen.length >> 1] : high;
    high = Math.min(high, Math.max(middle * 20, ...marks, low * 2));
    high = Math.max(high, low * 1.1);
    if (!this.logarithmic) low = Math.min(0, low);
    // room for the labels above what is highest and below what is lowest
    const [top, bottom] = [MARGIN.top, this.height - MARGIN.bottom];
    const above = marks.some((mark) => mark > high / 1.1) ? 18 : 6;
    const below = !this.logarithmic ? 0 : marks.includes(low) ? 20 : 40;
    const inner = scale(low, high, bottom - below, top + above, this.logarithmic);
    this.y = scale(inner.invert(bottom), inner.invert(top), bottom, top, this.logarithmic);
  }

  drawGrid() {
    const { x, y, height, width } = this;
    const parts = [];
    const bottom = height - MARGIN.bottom;
    const right = width - MARGIN.right;
    const add = (name, attributes) => parts.push(svg(name, attributes));
    const ticksY = this.logarithmic ? logTicks(y.low, y.high) : linearTicks(y.low, y.high, 5);
    let taken = Infinity;
    for (const tick of ticksY) {
      const at = y(tick);
      if (taken - at < 17) continue;
      taken = at;
      add("line", { class: "rule", x1: MARGIN.left, x2: right, y1: at, y2: at });
      add("text", { class: "tick", x: MARGIN.left - 6, y: at + 4, "text-anchor": "end", text: lossTick(tick) });
    }
    add("line", { class: "axis", x1: MARGIN.left, x2: right, y1: bottom, y2: bottom });
    for (const tick of linearTicks(x.low, x.high, Math.max(2, Math.floor((right - MARGIN.left) / 75)))) {
      const at = x(tick);
      const anchor = at > right - 14 ? "end" : "middle";
      add("line", { class: "axis", x1: at, x2: at, y1: bottom, y2: bottom + 4 });
      const left = anchor === "end" ? right + 4 : at;
      add("text", { class: "tick", x: left, y: bottom + 17, "text-anchor": anchor, text: countTick(tick) });
    }
    const { view } = this;
    const epochs = view.epochs === 1 ? "1 epoch" : `${view.epochs} epochs`;
    const unit = view.loss_name === "BCE" ? "BCE, nats a pixel" : "MSE a pixel";
    add("text", { class: "unit", x: 2, y: 11, text: `loss (${unit}${this.logarithmic ? ", log scale" : ""})` });
    add("text", { class: "unit", x: (MARGIN.left + right) / 2, y: height - 4, "text-anchor": "middle",
                  text: `images seen (${epochs} = ${countTick(view.total_images)})` });
    this.grid.replaceChildren(...parts);
  }

  /** The curve as polylines of [x, y]; it breaks where a value has no place. */
  strokes(values) {
    const { x, y, view } = this;
    const ceiling = -40; // what leaves the plot is clipped; SVG dislikes huge numbers
    const strokes = [];
    let stroke = null;
    view.columns.images.forEach((images, i) => {
      const value = values[i];
      if (!Number.isFinite(value) || (this.logarithmic && value <= 0)) { stroke = null; return; }
      if (!stroke) strokes.push(stroke = []);
      stroke.push([x(images), Math.max(ceiling, y(value))].map((place) => Number(place.toFixed(1))));
    });
    return strokes;
  }

  /** Lines for the references, and words beside them and beside the end of the curve. */
  drawReferences() {
    const { view, y } = this;
    const right = this.width - MARGIN.right;
    const bottom = this.height - MARGIN.bottom;
    const end = right - 6;
    const reached = view.final_test ?? (isLive(view) ? null : view.columns.test.findLast(Number.isFinite) ?? null);
    const lines = [];
    const labels = [];
    const strokes = [view.columns.train, view.columns.test].flatMap((values) => this.strokes(values));
    const inside = this.x.low <= view.final_images && view.final_images <= this.x.high;
    this.finalAt = null;
    if (Number.isFinite(view.final_test) && inside) {
      const at = this.finalAt = { x: this.x(view.final_images), y: clamp(y(view.final_test), MARGIN.top, bottom) };
      set(this.final, { transform: `translate(${at.x} ${at.y})` });
      const arrow = view.final_test > y.high ? " ↑" : view.final_test < y.low ? " ↓" : "";
      const text = `${lossText(view.final_test)} on all ${whole(view.tests)} test ${view.thing}s${arrow}`;
      labels.push({ kind: "final", line: at.y, over: !this.logarithmic, room: 6, end: Math.min(end, at.x - 6), slide: 1,
                    to: at.x, text });
    }
    for (const { label, value, kind, meaning } of view.references) {
      if (!Number.isFinite(value)) continue;
      const below = value < y.low || (this.logarithmic && value <= 0); // zero has no place on a log scale
      const line = below ? bottom : y(value);
      const ends = { x1: MARGIN.left, x2: right, y1: line, y2: line };
      if (!below) {
        lines.push(svg("line", { class: `reference ${kind}`, ...ends }));
        strokes.push([[MARGIN.left, line], [right, line]]);
      }
      // a baseline is there to be beaten: its label is in the way only where the curve ends above it
      const over = below || (kind === "baseline" && !(reached !== null && reached > value));
      const text = `${label} ${lossText(value)}${below ? " ↓" : ""}`;
      labels.push({ kind, line, over, room: 2, end, slide: 0.15, meaning, text, below });
    }
    this.references.replaceChildren(...lines);
    this.drawWords(labels, strokes, { left: MARGIN.left + 4, top: MARGIN.top, bottom });
  }

  /** Words at their places, with a thin line to what they name where that is some way off. */
  drawWords(labels, strokes, area) {
    const texts = labels.map(({ kind, text, meaning }) => {
      const words = svg("text", { class: kind, "text-anchor": "end", text });
      if (meaning) svg("title", { text: `${text}: ${meaning}` }, words);
      return words;
    });
    this.words.replaceChildren(...texts);
    labels.forEach((label, i) => { label.width = texts[i].getComputedTextLength(); });
    placeLabels(labels, area, strokes);
    labels.forEach(({ kind, line, x, y, away, above, to = x - 8, below }, i) => {
      if (x === undefined) return void texts[i].remove();
      set(texts[i], { x, y });
      if (!(away > 6) || below) return;
      const ends = { x1: x - 8, x2: to, y1: above ? y + DESCENT : y - ASCENT, y2: line };
      texts[i].before(svg("line", { class: `leader ${kind}`, ...ends }));
    });
  }

  /** Show which frame the other blocks show. While a run grows nothing is drawn beyond it. */
  setFrame(shown, growing) {
    this.shown = shown;
    this.growing = growing;
    if (this.x) this.drawNow();
  }

  drawNow() {
    const { view, shown, x, y } = this;
    const columns = view.columns;
    const known = shown >= 0 && shown < columns.images.length;
    this.future.setAttribute("visibility", this.growing ? "hidden" : "visible");
    const at = known ? x(columns.images[shown]) : MARGIN.left;
    set(this.pastClip, { x: 0, y: 0, width: Math.max(0, at + 0.5), height: this.height });
    const visible = known && at >= MARGIN.left - 1 && at <= this.width - MARGIN.right + 1;
    this.now.setAttribute("visibility", visible ? "visible" : "hidden");
    this.final.setAttribute("visibility", this.finalAt && !this.growing ? "visible" : "hidden");
    const ended = this.growing ? "hidden" : "visible";
    for (const words of this.words.querySelectorAll(".final")) words.setAttribute("visibility", ended);
    const test = known ? columns.test[shown] : NaN;
    const train = known ? columns.train[shown] : NaN;
    write(this.title, view.title.replace("{loss}", lossText(test)));
    write(this.testValue, lossText(test));
    write(this.trainValue, lossText(train));
    if (!visible) return;
    set(this.now.line, { x1: at, x2: at, y1: MARGIN.top, y2: this.height - MARGIN.bottom });
    this.dot(this.now.test, at, test, y);
    this.dot(this.now.train, at, train, y);
  }

  dot(circle, at, value, y) {
    const drawn = Number.isFinite(value) && !(this.logarithmic && value <= 0) && value <= y.high;
    circle.setAttribute("visibility", drawn ? "inherit" : "hidden");
    if (drawn) set(circle, { cx: at, cy: y(value) });
  }

  /** Where the pointer is, in px of the plot. */
  at(event) {
    return event.clientX - this.svg.getBoundingClientRect().left;
  }

  /** Two places in the plot, from left to right, inside the axes. */
  span(...places) {
    return places.sort((a, b) => a - b).map((at) => clamp(at, MARGIN.left, this.width - MARGIN.right));
  }

  press(event) {
    if (event.button !== 0) return;
    this.drag = { from: this.at(event), to: this.at(event) };
    this.svg.setPointerCapture(event.pointerId);
  }

  move(event) {
    this.hover = this.at(event);
    if (this.drag) {
      this.drag.to = this.hover;
      this.drawDrag();
    }
    this.drawHover();
  }

  release(event) {
    const { drag } = this;
    this.drag = null;
    this.drawDrag();
    if (!drag || !this.view) return;
    const [left, right] = this.span(drag.from, this.at(event));
    if (Math.abs(drag.from - this.at(event)) < DRAG) {
      const frame = nearest(this.view.columns.images, this.x.invert(left));
      if (frame >= 0) this.onPick(frame);
    } else {
      this.zoom = [this.x.invert(left), this.x.invert(right)];
      this.draw();
    }
    if (event.pointerType !== "mouse") { this.hover = null; this.drawHover(); }
  }

  drawDrag() {
    const active = this.drag && Math.abs(this.drag.to - this.drag.from) >= DRAG;
    this.dragArea.setAttribute("visibility", active ? "visible" : "hidden");
    if (!active) return;
    const [left, right] = this.span(this.drag.from, this.drag.to);
    const height = this.height - MARGIN.top - MARGIN.bottom;
    set(this.dragArea, { x: left, width: right - left, y: MARGIN.top, height });
  }

  drawHover() {
    const { view, hover } = this;
    const inside = hover !== null && view && hover >= MARGIN.left - 4 && hover <= this.width - MARGIN.right + 4;
    // points beyond the shown frame of a growing run are known, but not yet drawn
    const images = view?.columns.images ?? [];
    const reach = this.growing ? images.slice(0, this.shown + 1) : images;
    const frame = inside ? nearest(reach, this.x.invert(hover)) : -1;
    this.cross.setAttribute("visibility", frame >= 0 ? "visible" : "hidden");
    this.tip.hidden = frame < 0;
    if (frame < 0) return;
    const { columns } = view;
    const at = this.x(columns.images[frame]);
    set(this.cross.line, { x1: at, x2: at, y1: MARGIN.top, y2: this.height - MARGIN.bottom });
    this.dot(this.cross.test, at, columns.test[frame], this.y);
    this.dot(this.cross.train, at, columns.train[frame], this.y);
    write(this.tip, `${whole(columns.images[frame])} images, epoch ${columns.epoch[frame].toFixed(2)}\n` +
      `test ${lossText(columns.test[frame])} · training batch ${lossText(columns.train[frame])}`);
    const half = this.tip.offsetWidth / 2;
    this.tip.style.left = `${clamp(at, half, this.width - half)}px`;
    this.tip.style.top = `${MARGIN.top + this.tip.offsetHeight}px`;
  }

  /** Say in words what is seen; called at a low rate. */
  describe() {
    const { view, shown } = this;
    const images = view.columns.images[shown];
    const name = view.loss_name;
    const loss = (column) => `${name} ${lossText(view.columns[column][shown])}`;
    const now = images === undefined ? "no value yet"
      : `after ${whole(images)} images test ${loss("test")}, training ${loss("train")}`;
    const references = view.references.map(({ label, value, meaning }) => (
      `${label} ${lossText(value)}${meaning && ` (${meaning})`}`
    )).join(", ");
    const comparison = references ? ` For comparison: ${references}.` : "";
    this.svg.setAttribute("aria-label", `Loss against images seen: ${now}.${comparison}`);
  }
}
