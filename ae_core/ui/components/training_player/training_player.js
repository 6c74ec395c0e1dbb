// The player: joins the machine, the curve, the row and the transport line, which always show the same frame.

import { readColours } from "../_shared/colours.js";
import { DIGITS } from "../_shared/digits.js";
import { write } from "../_shared/elements.js";
import { askWhenIdle } from "../_shared/idle.js";
import { Channel } from "../_shared/live_channel.js";
import { FRAME_INTERVAL, reducedMotion } from "../_shared/motion.js";
import { mounted } from "../_shared/mount.js";
import { clamp } from "../_shared/numbers.js";
import { unpack } from "../_shared/packing.js";
import { Player } from "../_shared/player.js";
import { isLive } from "../_shared/run_status.js";
import { Transport } from "../_shared/transport.js";
import { Curve } from "./curve.js";
import { framesOf, joined, sameBytes } from "./delta.js";
import { Machine } from "./machine.js";
import { Row } from "./row.js";

const WORDS_EVERY = 1000; // ms between changes of what screen readers are told while frames fly by
const THINNED = / thinned$/; // behind the name of a recording whose frames were numbered anew

const watched = new Set(); // recordings that were shown since the page was loaded: they are played on request only

class TrainingPlayer {
  constructor(root) {
    this.root = root;
    this.player = new Player();
    this.chosen = 0;
    this.run = null;
    this.setTriggerValue = null;
    this.frames = new Map(); // index in the recording -> { tile, code, scale }
    const part = (name) => root.querySelector(`.${name}`);
    this.machine = new Machine(part("machine"), () => this.choose((this.chosen + 1) % DIGITS));
    this.curve = new Curve(part("curve"), (frame) => this.pick(frame));
    this.row = new Row(part("row"), (index) => this.choose(index));
    this.transport = new Transport(part("transport"), {
      toggle: () => this.toggle(),
      first: () => this.jump(0),
      last: () => this.jump(this.view.columns.step.length - 1),
      jump: (frame) => this.jump(frame),
      hold: () => { this.player.hold(); this.show(true); },
    });
    this.observer = new ResizeObserver(() => this.layout());
    this.channel = new Channel("player", root, (delta) => this.hear(delta), {
      gone: () => this.end(),
      known: () => (this.fresh ? { frames: 0 } : {
        frames: this.view.columns.step.length, newest: this.view.columns.step.at(-1) ?? 0,
      }),
    });
  }

  /** Whether nothing is known of the scene's recording. */
  get fresh() {
    return this.scene.run !== this.run;
  }

  /** The name of the scene's recording, however its frames are numbered. */
  get recording() {
    return this.scene.run.replace(THINNED, "");
  }

  get live() {
    return isLive(this.view);
  }

  /** Take a message: another scene or the same again, with its delta or with the question that brings it. */
  update(message) {
    this.scene = message;
    this.scene.noisy = !sameBytes(message.inputs, message.targets);
    if (!this.fresh) this.draw();
    this.channel.open(message);
    if (!this.fresh) this.endIfOver();
  }

  hear(delta) {
    this.learn(delta);
    this.endIfOver();
  }

  /** Where a run has ended before her eyes the page starts anew. */
  endIfOver() {
    if (this.scene.live && !this.live) this.end();
  }

  end() {
    askWhenIdle(this.root, () => this.setTriggerValue("ended", this.scene.run));
  }

  /** Take delta: frames that follow those that are known, and what is said of the run now. */
  learn(delta) {
    const { fresh } = this;
    const columns = fresh ? delta.columns : joined(this.view.columns, delta.columns, delta.first);
    // Streamlit loads this script before its first calls, and may then make them in the wrong order. A run that was
    // stopped may have ended a frame before the newest that is known.
    if (!fresh && columns.step.length < this.view.columns.step.length && delta.status !== "stopped") return;
    const stopped = !fresh && this.live && delta.status === "stopped";
    const seen = watched.has(this.recording);
    watched.add(this.recording);
    if (fresh) this.reset();
    this.view = { ...this.scene, ...delta, columns };
    this.keep(delta);
    const { player } = this;
    player.know([...this.frames.keys()].filter((index) => index < columns.step.length).sort((a, b) => a - b));
    if (this.live) player.follow();
    if (stopped || (fresh && !this.live && seen)) {
      player.jump(columns.step.length - 1);
    } else if (reducedMotion()) {
      if (fresh || player.mode === "follow") player.toEnd();
    } else if (fresh && !this.live) {
      player.cursor = Math.min(0, player.frames.length - 1);
      player.autoplay();
    }
    this.draw();
  }

  draw() {
    const { view } = this;
    this.root.dataset.run = view.run;
    this.root.dataset.status = view.status;
    this.root.dataset.frames = view.columns.step.length;
    this.root.dataset.live = this.live;
    this.colours = readColours(this.root);
    this.machine.setColours(this.colours);
    this.row.setColours(this.colours);
    this.machine.setNetwork(view.layer_sizes, view.code_index);
    this.row.setDigits(view);
    this.row.choose(this.chosen);
    this.transport.update(view, this.live);
    this.curve.update(view);
    this.show(true);
    this.observer.observe(this.root);
    this.wake();
  }

  reset() {
    if (this.run?.replace(THINNED, "") !== this.recording) this.curve.zoom = null;
    this.run = this.scene.run;
    write(this.root.querySelector(".another"), `Another ${this.scene.thing}`);
    this.frames.clear();
    this.player.reset();
  }

  /** Keep the pictures of frames; one may come in the place of the newest that is known. */
  keep(delta) {
    const frames = framesOf(delta, this.scene.layer_sizes[this.scene.code_index]);
    frames.forEach((frame, i) => this.frames.set(delta.first + i, frame));
  }

  /** All blocks show the player's frame. */
  show(wordsNow = false) {
    const { player, view } = this;
    if (!view) return; // nothing has come yet
    const { shown } = player;
    const frame = this.frames.get(shown) ?? { tile: null, code: null, scale: 1 };
    this.machine.show({ ...frame, inputs: view.inputs, digit: this.chosen });
    this.row.show(frame.tile);
    // until the newest frame is reached the curve ends at the shown one
    const growing = this.live || (player.mode === "follow" && player.moving);
    this.curve.setFrame(shown, growing);
    this.transport.show(shown, this.live);
    this.transport.setPlaying(player.moving);
    this.root.dataset.frame = shown;
    const now = performance.now();
    if (wordsNow || now - (this.worded ?? 0) >= WORDS_EVERY) {
      this.worded = now;
      const images = shown >= 0 ? view.columns.images[shown] : null;
      this.machine.describe(view.names[this.chosen], images, view.noisy);
      this.curve.describe();
      this.transport.describe(shown);
    }
  }

  choose(index) {
    this.chosen = index;
    this.row.choose(index);
    this.show(true);
  }

  jump(frame) {
    this.player.jump(frame);
    this.show(true);
  }

  /** A click on the curve; while a run is live the newest frame stays in view. */
  pick(frame) {
    if (!this.live) this.jump(frame);
  }

  toggle() {
    if (this.player.moving) this.player.hold();
    else this.player.play();
    this.show(true);
    this.wake();
  }

  layout() {
    this.machine.layout();
    this.curve.layout();
  }

  get pulsing() {
    return (this.view.status === "running" || this.player.moving) && !reducedMotion();
  }

  /** Keep drawing while something moves, and not a frame longer. */
  wake() {
    if (this.request || !(this.player.moving || this.pulsing)) {
      if (!this.request) this.machine.pulse(null);
      return;
    }
    this.before = performance.now();
    const draw = (now) => {
      if (now - this.before < FRAME_INTERVAL) return void (this.request = requestAnimationFrame(draw));
      this.request = null;
      const seconds = clamp((now - this.before) / 1000, 0, 0.1); // a hidden tab gets no frames
      this.before = now;
      const stepped = this.player.tick(seconds);
      if (stepped) this.show(!this.player.moving);
      this.machine.pulse(this.pulsing ? now / 1000 : null);
      if (this.pulsing) this.transport.breathe(now);
      if (this.player.moving || this.pulsing) this.request = requestAnimationFrame(draw);
      else this.show(true);
    };
    this.request = requestAnimationFrame(draw);
  }

  /** Stop all that runs by itself; a later message starts it again. */
  sleep() {
    this.channel.close();
    cancelAnimationFrame(this.request);
    this.request = null;
    this.observer.disconnect();
  }
}

export default mounted(
  ".training-player",
  (root) => new TrainingPlayer(root),
  (player, data, { setTriggerValue }) => {
    player.setTriggerValue = setTriggerValue;
    player.channel.trigger = (question) => setTriggerValue("ask", question);
    player.update(unpack(data));
  },
);
