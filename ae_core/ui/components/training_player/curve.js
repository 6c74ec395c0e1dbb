// The curve: training and test loss against images seen, with lines that give a loss its meaning.

import { set, svg, write } from "../_shared/elements.js";
import { lossText, whole } from "../_shared/text.js";
import { gridOf } from "./grid.js";
import { placeDot, plotOf, strokesOf } from "./plot.js";
import { PlotPointer } from "./plot_pointer.js";
import { drawReferences, endOf } from "./references.js";

export class Curve {
  constructor(root, onPick) {
    const part = (name) => root.querySelector(name);
    this.title = part(".title");
    this.box = part(".plot");
    this.svg = part(".plot svg");
    this.logButton = part(".log");
    this.resetButton = part(".reset");
    this.testValue = part(".key.test b");
    this.trainValue = part(".key.train b");
    this.pointer = new PlotPointer(this.svg, part(".tip"), {
      // points beyond the shown frame of a growing run are known, but not yet drawn
      frames: () => (this.growing ? this.shown + 1 : Infinity),
      pick: onPick,
      zoom: (zoom) => this.setZoom(zoom),
    });
    this.logarithmic = true;
    this.zoom = null; // [low, high] in images
    this.view = null;
    this.plot = null; // as soon as there are a view and a width
    this.shown = -1;
    this.growing = true;
    this.build();
    this.logButton.onclick = () => { this.logarithmic = !this.logarithmic; this.draw(); };
    this.resetButton.onclick = () => { this.setZoom(null); this.logButton.focus(); }; // it takes itself away
  }

  build() {
    const root = this.svg;
    root.replaceChildren();
    const id = `training-player-${Math.random().toString(36).slice(2)}`;
    const defs = svg("defs", {}, root);
    const clip = (name) => svg("rect", {}, svg("clipPath", { id: `${id}-${name}` }, defs));
    this.plotClip = clip("plot");
    this.pastClip = clip("past");
    this.grid = svg("g", { class: "grid" }, root);
    this.references = svg("g", { class: "references" }, root);
    const lines = svg("g", { "clip-path": `url(#${id}-plot)` }, root);
    this.future = svg("g", { class: "future" }, lines);
    const past = svg("g", { "clip-path": `url(#${id}-past)` }, lines);
    const paths = (name) => [this.future, past].map((group) => svg("path", { class: `line ${name}` }, group));
    this.lines = { train: paths("train"), test: paths("test") };
    const dragged = svg("g", {}, root);
    this.now = svg("g", { class: "now", visibility: "hidden" }, root);
    this.nowLine = svg("line", {}, this.now);
    this.nowTrain = svg("circle", { class: "train", r: 3 }, this.now);
    this.nowTest = svg("circle", { class: "test", r: 4.5 }, this.now);
    this.words = svg("g", { class: "words" }, root);
    this.end = svg("path", { class: "final", visibility: "hidden", d: "M0-6L6 0 0 6-6 0z" }, root);
    this.pointer.build(dragged, root);
  }

  /** Take a view. All points are drawn in one path, so hundreds of them cost nothing. */
  update(view) {
    this.view = view;
    this.draw();
  }

  /** Show these images alone, [low, high]; null for all of them. */
  setZoom(zoom) {
    this.zoom = zoom;
    this.draw();
  }

  layout() {
    this.width = this.box.clientWidth;
    this.height = this.box.clientHeight;
    this.draw();
  }

  draw() {
    if (!this.view || !this.width || !this.height) return;
    const { width, height, view } = this;
    set(this.svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    this.logButton.setAttribute("aria-pressed", String(this.logarithmic));
    this.resetButton.hidden = !this.zoom;
    const plot = this.plot = plotOf(view, this.zoom, this.logarithmic, width, height);
    const [wide, tall] = [plot.right - plot.left, plot.bottom - plot.top];
    set(this.plotClip, { x: plot.left, y: plot.top - 2, width: wide, height: tall + 4 });
    this.grid.replaceChildren(...gridOf(plot));
    for (const [name, paths] of Object.entries(this.lines)) {
      const d = strokesOf(view.columns[name], plot).map((stroke) => `M${stroke.join("L")}`).join("");
      for (const path of paths) set(path, { d });
    }
    drawReferences(this.references, this.words, plot);
    this.drawNow();
    this.pointer.update(plot);
  }

  /** Show which frame the other blocks show. While a run grows nothing is drawn beyond it. */
  setFrame(shown, growing) {
    this.shown = shown;
    this.growing = growing;
    if (this.plot) this.drawNow();
  }

  drawNow() {
    const { plot, shown, growing } = this;
    const { columns, title } = plot.view;
    const known = shown >= 0 && shown < columns.images.length;
    const ended = growing ? "hidden" : "visible";
    this.future.setAttribute("visibility", ended);
    for (const words of this.words.querySelectorAll(".final")) words.setAttribute("visibility", ended);
    const end = endOf(plot);
    this.end.setAttribute("visibility", end ? ended : "hidden");
    if (end) set(this.end, { transform: `translate(${end.x} ${end.y})` });
    const at = known ? plot.x(columns.images[shown]) : plot.left;
    set(this.pastClip, { x: 0, y: 0, width: Math.max(0, at + 0.5), height: plot.height });
    const test = known ? columns.test[shown] : NaN;
    const train = known ? columns.train[shown] : NaN;
    write(this.title, title.replace("{loss}", lossText(test)));
    write(this.testValue, lossText(test));
    write(this.trainValue, lossText(train));
    const visible = known && at >= plot.left - 1 && at <= plot.right + 1;
    this.now.setAttribute("visibility", visible ? "visible" : "hidden");
    if (!visible) return;
    set(this.nowLine, { x1: at, x2: at, y1: plot.top, y2: plot.bottom });
    placeDot(this.nowTest, at, test, plot);
    placeDot(this.nowTrain, at, train, plot);
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
