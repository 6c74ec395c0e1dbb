// The latent map: joins the field, the marks, the panel, the strips and the sliders.

import { DIGITS } from "../_shared/digits.js";
import { set, write } from "../_shared/elements.js";
import { askWhenIdle, stopAsking } from "../_shared/idle.js";
import { Channel } from "../_shared/live_channel.js";
import { FRAME_INTERVAL, reducedMotion } from "../_shared/motion.js";
import { mounted } from "../_shared/mount.js";
import { clamp } from "../_shared/numbers.js";
import { unpack } from "../_shared/packing.js";
import { Player } from "../_shared/player.js";
import { isLive } from "../_shared/run_status.js";
import { signed } from "../_shared/text.js";
import { Transport } from "../_shared/transport.js";
import { Between } from "./between.js";
import { Decoder } from "./decoder.js";
import { Field, Pictures } from "./field.js";
import { Marks } from "./marks.js";
import { readPalette } from "./palette.js";
import { Panel } from "./panel.js";
import { Frame, Plane } from "./plane.js";
import { Units } from "./units.js";

const STEP = 1 / 60; // of the map: how far an arrow key moves the point; five times as far with Shift
const BETWEEN_ANSWERS = 250; // ms between two pictures of a run that trains: to encode thousands of digits is work
const SPEAK = 500; // ms of rest before the point is told to screen readers

class LatentMap {
  constructor(root) {
    this.root = root;
    const part = (name) => root.querySelector(`.${name}`);
    this.map = part("map");
    this.wait = part("wait");
    this.spoken = part("spoken");
    this.field = new Field(part("field"));
    this.marks = new Marks(part("marks"), this.field);
    this.panel = new Panel(part("panel"));
    this.between = new Between(part("between"), () => {
      this.unpin();
      this.map.focus({ preventScroll: true }); // the button has taken itself away
    });
    this.units = new Units(part("units"));
    this.player = new Player();
    this.frames = new Map(); // index in the recording -> Frame
    this.run = null;
    this.transport = new Transport(part("transport"), {
      toggle: () => this.toggle(),
      first: () => this.jump(0),
      last: () => this.jump(this.view.columns.step.length - 1),
      jump: (frame) => this.jump(frame),
      hold: () => { this.player.hold(); this.showFrame(); },
    });
    this.observer = new ResizeObserver(() => this.layout());
    this.channel = new Channel("map", root, (delta) => this.hear(delta), {
      gone: () => askWhenIdle(root, () => this.setTriggerValue("ended", this.scene.run)),
      known: () => ({ units: this.chosenUnits.join() }),
      pause: BETWEEN_ANSWERS,
    });
    this.listen(part);
  }

  listen(part) {
    const { map } = this;
    map.onpointermove = (event) => this.pointer(event);
    map.onpointerdown = (event) => {
      map.setPointerCapture?.(event.pointerId);
      this.pressed = [event.clientX, event.clientY];
      this.pointer(event);
    };
    map.onpointerup = (event) => {
      const [x, y] = this.pressed ?? [Infinity, Infinity];
      this.pressed = null;
      if (Math.hypot(event.clientX - x, event.clientY - y) < 6) this.pin();
    };
    map.onkeydown = (event) => this.key(event);
    this.behind = part("behind");
    this.trail = part("trail");
    this.behind.onchange = () => this.paint();
    this.trail.onchange = () => { this.marks.stamps = []; this.wake(); };
    part("save").onclick = () => this.save();
    this.kind = part("kind");
    this.axisMenus = [part("first-axis"), part("second-axis")];
    for (const menu of [this.kind, ...this.axisMenus]) menu.onchange = () => this.replane();
    this.classes = part("classes");
    this.buttons = Array.from({ length: DIGITS }, (_, digit) => {
      const button = document.createElement("button");
      set(button, { type: "button", "aria-pressed": "true", "aria-label": `digit ${digit}`, text: digit });
      button.onclick = () => this.toggleClass(digit);
      return button;
    });
    this.all = document.createElement("button");
    set(this.all, { type: "button", class: "all", text: "none" });
    this.all.onclick = () => this.toggleAll();
    this.classes.replaceChildren(...this.buttons, this.all);
  }

  get live() { // of the newest answer
    return isLive(this.view);
  }

  /** Take a message of the page: which run is shown, and the question that brings its codes. */
  update(scene) {
    this.scene = scene;
    if (scene.run !== this.run) this.reset();
    else this.setPalette(); // the theme may have changed
    this.channel.open(scene);
    this.observer.observe(this.map);
  }

  /** Take an answer: the newest codes, and after training the recording and the decoder. */
  hear(delta) {
    const view = this.view = { ...this.scene, ...delta };
    const newest = view.columns.step.length - 1;
    for (const index of this.frames.keys()) if (index > newest) this.frames.delete(index); // it was stopped before them
    if (view.axes) {
      const all = view.axes.map((_, axis) => axis);
      if (this.live) this.frames.clear(); // a live frame's components are its own: it cannot be compared
      this.learnClouds(view);
      this.frames.set(newest, new Frame(view.table, all, view.scales, view.labels));
    }
    this.decoder = view.weights ? new Decoder(view) : null;
    this.unpackImages(view);
    this.showState();
    this.replane();
  }

  /** Forget the run that was shown: nothing of it stands under the name of another one. */
  reset() {
    this.run = this.scene.run;
    this.view = { ...this.scene, columns: { step: [], images: [], epoch: [], seconds: [], test: [] }, rate: 0, remaining: null };
    this.frames.clear();
    this.player.reset();
    this.pictures?.stop();
    this.point = this.decoder = this.plane = this.planeName = this.pictures = this.names = null;
    this.field.clear();
    this.marks.clear();
    this.panel.clear();
    this.root.dataset.points = 0;
    this.showState();
    this.transport.show(-1, this.live);
  }

  showState() {
    const { view } = this;
    this.root.dataset.status = view.status;
    this.root.dataset.run = view.run;
    this.root.dataset.live = this.live;
    this.root.dataset.decodes = Boolean(this.decoder);
    this.setPalette();
    this.setMenus(view);
    write(this.wait, view.axes ? "" : view.message ?? (view.status === "queued" ? "Waiting for a turn" : "Waiting for codes"));
    this.wait.hidden = Boolean(view.axes);
    this.units.update(view, this.decoder, this.images);
    this.transport.update(view, this.live);
  }

  /** The units that the visitor has chosen, for the server to send them also where others vary more. */
  get chosenUnits() {
    if (!this.view.axes || this.kind.value !== "units") return [];
    return this.axisMenus.map((menu) => this.view.axes[Number(menu.value)]?.unit).filter(Number.isInteger);
  }

  learnClouds(view) {
    if (!view.clouds) return;
    const width = view.cloud_axes.length;
    const size = 2 * width * view.cloud_labels.length;
    if (!size) return;
    view.cloud_scales.forEach((scales, index) => {
      const bytes = view.clouds.subarray(index * size, (index + 1) * size);
      this.frames.set(index, new Frame(bytes, view.cloud_axes, scales, view.cloud_labels));
    });
  }

  /** The test digits come compressed, and are the same for all runs. */
  async unpackImages(view) {
    if (!view.digits || this.images) return;
    const stream = new Blob([view.digits]).stream().pipeThrough(new DecompressionStream("deflate"));
    this.images = new Uint8Array(await new Response(stream).arrayBuffer());
    this.units.setImages(this.images);
    this.wake();
  }

  setPalette() {
    const palette = readPalette(this.root);
    this.field.setPalette(palette);
    this.buttons.forEach((button, digit) => button.style.setProperty("--digit", palette.digits[digit]));
    this.stale = true;
    this.wake();
  }

  /** A small code is shown as it is; of a larger one the visitor chooses two numbers. */
  setMenus(view) {
    const units = (view.axes ?? []).map((axis, index) => ({ ...axis, index })).filter(({ unit }) => unit !== null);
    this.root.querySelector(".shown").hidden = view.code_size <= 2;
    const names = units.map(({ name }) => name).join();
    if (names === this.names) return;
    this.names = names;
    this.axisMenus.forEach((menu, place) => {
      const chosen = menu.selectedOptions[0]?.dataset.unit;
      menu.replaceChildren(...units.map(({ name, index, unit, dead }) => {
        const option = document.createElement("option");
        set(option, { value: index, "data-unit": unit, text: dead ? `${name} (dead)` : name });
        return option;
      }));
      const kept = units.findIndex(({ unit }) => `${unit}` === chosen);
      menu.selectedIndex = kept >= 0 ? kept : Math.min(place, units.length - 1);
    });
  }

  /** The two axes of the map; the second is null for a code of one number. */
  get axes() {
    if (this.view.code_size === 1) return [0, null];
    if (this.view.code_size === 2 || this.kind.value === "components") return [0, 1];
    return this.axisMenus.map((menu) => Number(menu.value));
  }

  /** Another plane, or another network: build all that depends on it. */
  replane() {
    const { view } = this;
    for (const pair of this.root.querySelectorAll(".pair")) {
      pair.hidden = view.code_size <= 2 || this.kind.value !== "units";
    }
    if (!view.axes) return;
    const name = `${this.run} ${this.axes}`;
    if (this.planeName !== name) {
      this.marks.pins = [];
      this.marks.stamps = [];
      this.point = null;
      this.planeName = name;
    }
    this.plane = this.decoder ? new Plane(view, ...this.axes) : null;
    this.pictures?.stop();
    this.pictures = null;
    const known = [...this.frames].filter(([, frame]) => this.axes.every((axis) => frame.knows(axis)));
    this.player.know(known.map(([index]) => index).sort((a, b) => a - b));
    this.player.toEnd();
    this.showFrame();
    this.paint();
  }

  /** Points of the frame that the replay stands at. */
  showFrame() {
    const { shown } = this.player;
    const frame = this.frames.get(shown);
    this.transport.show(shown, this.live);
    this.transport.setPlaying(this.player.moving);
    if (!frame) return;
    this.field.layout();
    const names = this.axes.map((axis) => (axis === null ? "" : this.view.axes[axis].name));
    this.field.show(frame.positions(...this.axes), names, this.axes[1] === null, !reducedMotion());
    this.root.dataset.frame = shown;
    this.root.dataset.points = frame.count;
    this.transport.describe(shown);
    if (!this.point) this.point = this.middle();
    this.paint();
  }

  /** Only the newest frame belongs to the weights that the browser has. */
  get decodes() {
    return Boolean(this.decoder && this.plane) && this.player.shown === this.view.columns.step.length - 1;
  }

  middle() {
    const { points } = this.field;
    const middle = (values) => Float32Array.from(values).sort()[values.length >> 1];
    return [middle(points.x), this.field.lanes ? 4.5 : middle(points.y)];
  }

  /** Draw the points anew, with or without the pictures behind them. */
  paint() {
    const wanted = this.behind.checked && this.decodes;
    if (wanted && !this.pictures) {
      const ranges = this.axes.map((axis) => (axis === null ? null : [this.view.axes[axis].low, this.view.axes[axis].high]));
      this.pictures = new Pictures(this.decoder, this.plane, ...ranges, this.field.palette, (region) => {
        this.ready = region;
        this.paint();
      });
    }
    this.field.region = wanted && this.ready === this.pictures ? this.pictures : null;
    this.stale = true;
    this.wake();
  }

  layout() {
    if (!this.field.layout()) return;
    this.marks.layout();
    this.stale = true;
    this.wake();
  }

  /** Draw in the next frame of the screen: once, however many events there were. */
  wake() {
    this.request ??= requestAnimationFrame((now) => this.draw(now));
  }

  draw(now) {
    this.request = null;
    const { field, player } = this;
    if (this.glided && !this.stale && !this.moved && now - this.drawn < FRAME_INTERVAL) return this.wake();
    this.drawn = now;
    if (player.moving && player.tick(clamp((now - (this.before ?? now)) / 1000, 0, 0.1))) this.showFrame();
    this.before = player.moving ? now : undefined;
    if (!field.points) return;
    if (field.layout()) this.stale = true;
    if (field.canvas.width !== this.marks.canvas.width || field.canvas.height !== this.marks.canvas.height) {
      this.marks.layout();
    }
    const gliding = field.gliding;
    if (this.stale || this.glided) field.draw();
    this.stale = false;
    this.glided = gliding;
    this.touch();
    if (gliding || player.moving) this.wake();
    else this.transport.setPlaying(false);
  }

  /** Decode the point and show it. */
  touch() {
    const { point, field } = this;
    const { index, distance } = field.nearest(...field.toScreen(...point));
    const dense = field.points.count === this.view.labels.length;
    const pixels = this.decodes ? this.decoder.decode(this.plane.code(...point)) : null;
    if (pixels && this.trail.checked && this.moved) this.marks.stamp(...point, pixels);
    this.moved = false;
    const label = index >= 0 ? field.points.labels[index] : null;
    this.panel.show({
      pixels, label, distance, nearest: dense ? index : -1, images: this.images, palette: field.palette, words: this.words(),
      some: field.hidden.size > 0,
    });
    this.marks.draw(point, index);
    Object.assign(this.root.dataset, { x: point[0], y: point[1], nearest: index, decoding: Boolean(pixels) });
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => this.speak(label), SPEAK);
  }

  words() {
    if (!this.decodes) return this.live ? "when training is done" : "at the end of the replay";
    const [x, y] = this.point;
    const [first, second] = this.axes;
    const across = `${this.view.axes[first].name}: ${signed(x)}`;
    return second === null ? across : `${across}\n${this.view.axes[second].name}: ${signed(y)}`;
  }

  speak(label) {
    if (this.root.contains(this.root.getRootNode().activeElement)) {
      const digit = this.field.hidden.size ? "digit shown" : "test digit";
      write(this.spoken, `${this.words().replace("\n", ", ")}. Nearest ${digit}: ${label ?? "none"}.`);
    }
  }

  pointer(event) {
    if (!this.field.points) return;
    const area = this.map.getBoundingClientRect();
    const { left, top, wide, tall } = this.field.inner;
    const x = clamp(event.clientX - area.left, left, left + wide);
    const y = clamp(event.clientY - area.top, top, top + tall);
    this.moveTo(this.field.toPoint(x, y));
  }

  moveTo(point) {
    this.point = point;
    this.moved = true;
    this.wake();
  }

  key(event) {
    if (!this.field.points || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      const { left, top, wide, tall } = this.field.inner;
      const [x, y] = this.field.toScreen(...this.point);
      const step = STEP * (event.shiftKey ? 5 : 1);
      this.moveTo(this.field.toPoint(
        clamp(x + way[0] * step * wide, left, left + wide), clamp(y + way[1] * step * tall, top, top + tall),
      ));
    } else if (event.key === "Enter" || event.key === " ") this.pin();
    else if (event.key === "Escape") this.unpin();
    else return;
    event.preventDefault();
    event.stopPropagation(); // single letters and arrows may be shortcuts of the app
  }

  pin() {
    if (!this.decodes) return;
    const { pins } = this.marks;
    this.marks.pins = pins.length === 2 ? [this.point] : [...pins, this.point];
    this.showBetween();
  }

  unpin() {
    this.marks.pins = [];
    this.showBetween();
  }

  showBetween() {
    const { pins } = this.marks;
    this.root.dataset.pins = pins.length;
    this.between.show(pins, (x, y) => this.decoder.decode(this.plane.code(x, y)), this.decoder?.linear);
    this.wake();
  }

  toggleClass(digit) {
    const { hidden } = this.field;
    if (!hidden.delete(digit)) hidden.add(digit);
    this.showClasses();
  }

  toggleAll() {
    const { hidden } = this.field;
    if (hidden.size) hidden.clear();
    else for (let digit = 0; digit < DIGITS; digit++) hidden.add(digit);
    this.showClasses();
  }

  showClasses() {
    const { hidden } = this.field;
    this.buttons.forEach((button, digit) => button.setAttribute("aria-pressed", String(!hidden.has(digit))));
    write(this.all, hidden.size ? "all" : "none");
    this.paint();
  }

  jump(frame) {
    this.player.jump(frame);
    this.showFrame();
  }

  toggle() {
    if (this.player.moving) this.player.hold();
    else this.player.play();
    this.showFrame();
    this.wake();
  }

  /** What the map shows now, as a PNG file. */
  save() {
    const { field, marks } = this;
    const picture = document.createElement("canvas");
    set(picture, { width: field.canvas.width, height: field.canvas.height });
    const context = picture.getContext("2d");
    context.fillStyle = field.palette.ground;
    context.fillRect(0, 0, picture.width, picture.height);
    context.drawImage(field.canvas, 0, 0);
    context.drawImage(marks.canvas, 0, 0);
    const link = document.createElement("a");
    set(link, { href: picture.toDataURL("image/png"), download: "latent-map.png" });
    link.click();
  }

  sleep() {
    this.channel.close();
    stopAsking(this.root);
    cancelAnimationFrame(this.request);
    clearTimeout(this.speaking);
    this.request = null;
    this.observer.disconnect();
    this.pictures?.stop();
  }
}

export default mounted(
  ".latent",
  (root) => new LatentMap(root),
  (map, data, { setTriggerValue }) => {
    map.setTriggerValue = setTriggerValue;
    map.channel.trigger = (question) => setTriggerValue("ask", question);
    map.update(unpack(data));
    map.showBetween();
  },
);
