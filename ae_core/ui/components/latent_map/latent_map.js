// The latent map: takes the messages of a run, and joins the map, its replay and the sliders.

import { write } from "../_shared/elements.js";
import { askWhenIdle, stopAsking } from "../_shared/idle.js";
import { Channel } from "../_shared/live_channel.js";
import { mounted } from "../_shared/mount.js";
import { clamp } from "../_shared/numbers.js";
import { inflated, unpack } from "../_shared/packing.js";
import { Player } from "../_shared/player.js";
import { isLive } from "../_shared/run_status.js";
import { Transport } from "../_shared/transport.js";
import { Board } from "./board.js";
import { Decoder } from "./decoder.js";
import { Frame, recordedFrames } from "./frame.js";
import { readPalette } from "./palette.js";
import { savePicture } from "./picture_file.js";
import { Plane } from "./plane.js";
import { Toolbar } from "./toolbar.js";
import { Units } from "./units.js";

const BETWEEN_ANSWERS = 250; // ms between two pictures of a run that trains: to encode thousands of digits is work

class LatentMap {
  constructor(root) {
    const part = (name) => root.querySelector(`.${name}`);
    this.root = root;
    this.wait = part("wait");
    this.toolbar = new Toolbar(part("tools"), {
      classes: () => this.board.paint(),
      axes: () => this.showPlane(),
      behind: () => this.board.paint(),
      trail: () => { this.board.marks.stamps = []; this.board.wake(); },
      save: () => {
        const { field, marks } = this.board;
        savePicture("latent-map.png", field.palette.ground, field.canvas, marks.canvas);
      },
    });
    this.board = new Board(root, this.toolbar, (now) => this.animate(now));
    this.units = new Units(part("units"));
    this.player = new Player();
    this.transport = new Transport(part("transport"), {
      toggle: () => this.toggle(),
      first: () => this.jump(0),
      last: () => this.jump(this.view.columns.step.length - 1),
      jump: (frame) => this.jump(frame),
      hold: () => { this.player.hold(); this.showFrame(); },
    });
    this.frames = new Map(); // index in the recording -> Frame
    this.run = null;
    this.decoder = null;
    this.setTriggerValue = null;
    this.channel = new Channel("map", root, (delta) => this.hear(delta), {
      gone: () => askWhenIdle(root, () => this.setTriggerValue("ended", this.scene.run)),
      known: () => ({ units: this.toolbar.chosenUnits(this.view.axes).join() }),
      pause: BETWEEN_ANSWERS,
    });
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
    this.board.watch();
    this.board.showBetween();
  }

  /** Take an answer: the newest codes, and after training the recording and the decoder. */
  hear(delta) {
    const view = this.view = { ...this.scene, ...delta };
    const newest = view.columns.step.length - 1;
    for (const index of this.frames.keys()) if (index > newest) this.frames.delete(index); // it was stopped before them
    if (view.axes) {
      const all = view.axes.map((_, axis) => axis);
      if (this.live) this.frames.clear(); // a live frame's components are its own: it cannot be compared
      recordedFrames(view).forEach((frame, index) => this.frames.set(index, frame));
      this.frames.set(newest, new Frame(view.table, all, view.scales, view.labels));
    }
    this.decoder = view.weights ? new Decoder(view) : null;
    this.unpackImages(view);
    this.showState();
    this.showPlane();
  }

  /** Forget the run that was shown: nothing of it stands under the name of another one. */
  reset() {
    this.run = this.scene.run;
    const columns = { step: [], images: [], epoch: [], seconds: [], test: [] };
    this.view = { ...this.scene, columns, rate: 0, remaining: null };
    this.frames.clear();
    this.player.reset();
    this.decoder = this.planeName = null;
    this.toolbar.reset();
    this.board.reset();
    this.showState();
    this.transport.show(-1, this.live);
  }

  showState() {
    const { view } = this;
    this.root.dataset.status = view.status;
    this.root.dataset.run = view.run;
    this.root.dataset.live = String(this.live);
    this.root.dataset.decodes = String(Boolean(this.decoder));
    this.setPalette();
    this.toolbar.update(view);
    const waiting = view.message ?? (view.status === "queued" ? "Waiting for a turn" : "Waiting for codes");
    write(this.wait, view.axes ? "" : waiting);
    this.wait.hidden = Boolean(view.axes);
    this.units.update(view, this.decoder, this.board.images);
    this.transport.update(view, this.live);
  }

  /** The test digits are the same for all runs. */
  async unpackImages({ digits }) {
    if (!digits || this.board.images) return;
    const images = await inflated(digits);
    this.board.setImages(images);
    this.units.setImages(images);
  }

  setPalette() {
    const palette = readPalette(this.root);
    this.board.setPalette(palette);
    this.toolbar.setColours(palette.digits);
  }

  /** Another plane, or another network: show all that depends on it. */
  showPlane() {
    const { view, decoder, toolbar: { axes } } = this;
    this.toolbar.showMenus();
    if (!view.axes) return;
    const name = `${this.run} ${axes}`;
    if (this.planeName !== name) this.board.forgetPlane();
    this.planeName = name;
    this.board.setNetwork(decoder && { decoder, plane: new Plane(view, ...axes) });
    const known = [...this.frames].filter(([, frame]) => axes.every((axis) => frame.knows(axis)));
    this.player.know(known.map(([index]) => index).sort((a, b) => a - b));
    this.player.toEnd();
    this.showFrame();
    this.board.paint();
  }

  /** Points of the frame that the replay stands at. */
  showFrame() {
    const { player: { shown, moving }, view, live, toolbar: { axes } } = this;
    const frame = this.frames.get(shown);
    this.transport.show(shown, live);
    this.transport.setPlaying(moving);
    if (!frame) return;
    const newest = shown === view.columns.step.length - 1;
    const missing = this.decoder && newest ? null : live ? "when training is done" : "at the end of the replay";
    this.board.show(frame, axes, axes.map((axis) => (axis === null ? null : view.axes[axis])), missing);
    this.root.dataset.frame = shown;
    this.transport.describe(shown);
  }

  /** Let the replay go on; returns whether it goes on still. */
  animate(now) {
    const { player } = this;
    if (player.moving && player.tick(clamp((now - (this.before ?? now)) / 1000, 0, 0.1))) this.showFrame();
    this.before = player.moving ? now : undefined;
    if (!player.moving) this.transport.setPlaying(false);
    return player.moving;
  }

  jump(frame) {
    this.player.jump(frame);
    this.showFrame();
  }

  toggle() {
    if (this.player.moving) this.player.hold();
    else this.player.play();
    this.showFrame();
    this.board.wake();
  }

  sleep() {
    this.channel.close();
    stopAsking(this.root);
    this.board.sleep();
  }
}

export default mounted(
  ".latent",
  (root) => new LatentMap(root),
  (map, data, { setTriggerValue }) => {
    map.setTriggerValue = setTriggerValue;
    map.channel.trigger = (question) => setTriggerValue("ask", question);
    map.update(unpack(data));
  },
);
