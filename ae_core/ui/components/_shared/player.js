// Which frame is shown when. Frames come in bursts; the player makes a film of them.

import { clamp, nearest } from "./numbers.js";

const CATCH_UP = 0.9; // seconds in which a burst is played
const AUTOPLAY = 3; // seconds of the replay that starts by itself
const FRAME_RATE = 20; // frames a second of a replay that was asked for, within these bounds in seconds:
const SHORTEST = 3;
const LONGEST = 12;

export class Player {
  /** Frames with pictures, as sorted indices into the recording; `cursor` is a place among them. */
  constructor() {
    this.reset();
  }

  reset() {
    /** @type {number[]} */
    this.frames = [];
    this.cursor = -1;
    this.mode = "follow"; // follow: towards the newest; play: towards the end; hold: stands still
    this.rate = 0;
  }

  get shown() {
    return this.cursor < 0 ? -1 : this.frames[Math.round(this.cursor)];
  }

  get moving() {
    return this.mode !== "hold" && this.cursor < this.frames.length - 1 && this.frames.length > 0;
  }

  get atEnd() {
    return this.cursor >= this.frames.length - 1;
  }

  /**
   * Take the frames that are known now. A message may have filled earlier gaps: stay on the same frame.
   *
   * @param {number[]} frames
   */
  know(frames) {
    const shown = this.shown;
    this.frames = frames;
    if (!frames.length) return;
    this.cursor = shown < 0 ? 0 : Math.max(0, frames.indexOf(shown));
    if (this.mode === "follow") this.rate = Math.max(this.rate * 0.6, (frames.length - 1 - this.cursor) / CATCH_UP);
  }

  follow() {
    this.mode = "follow";
  }

  autoplay() {
    if (!this.frames.length) return;
    this.start(AUTOPLAY);
  }

  play() {
    this.start(clamp(this.frames.length / FRAME_RATE, SHORTEST, LONGEST));
  }

  /** @param {number} seconds that the replay takes */
  start(seconds) {
    if (this.atEnd) this.cursor = 0;
    this.mode = "play";
    this.rate = (this.frames.length - 1) / seconds;
  }

  hold() {
    this.mode = "hold";
    this.cursor = Math.round(this.cursor);
  }

  /**
   * Jump to the frame with pictures that is nearest to this one, and stay there.
   *
   * @param {number} frame
   */
  jump(frame) {
    this.mode = "hold";
    if (this.frames.length) this.cursor = nearest(this.frames, frame);
  }

  toEnd() {
    this.cursor = this.frames.length - 1;
  }

  /**
   * Move on by some seconds; true when another frame is to be shown.
   *
   * @param {number} seconds
   */
  tick(seconds) {
    if (!this.moving) return false;
    const before = Math.round(this.cursor);
    this.cursor = Math.min(this.cursor + this.rate * seconds, this.frames.length - 1);
    if (this.mode === "play" && this.atEnd) this.mode = "hold";
    return Math.round(this.cursor) !== before;
  }
}
