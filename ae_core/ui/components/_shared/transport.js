// The transport line: while a run is live its progress, afterwards the replay.

import { set, write } from "./elements.js";
import { lossText, rateText, remainingText, secondsText, whole } from "./text.js";

const PLAY = "M4 2.5v11L13.5 8z";
const PAUSE = "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z";
const BREATH = 1200; // ms
const ANNOUNCEMENTS = {
  queued: "Waiting for a turn",
  running: "Training is running",
  finished: "Training is finished",
  stopped: "Training was stopped",
  failed: "Training failed",
};

export class Transport {
  constructor(root, actions) {
    this.root = root;
    this.controls = root.querySelector(".controls");
    this.live = root.querySelector(".live");
    this.progress = root.querySelector(".progress");
    this.message = root.querySelector(".message");
    this.announcement = root.querySelector(".announcement");
    this.playButton = root.querySelector(".play");
    this.icon = root.querySelector(".icon");
    this.slider = root.querySelector(".replay");
    this.playButton.onclick = actions.toggle;
    root.querySelector(".first").onclick = actions.first;
    root.querySelector(".last").onclick = actions.last;
    this.slider.oninput = () => actions.jump(Number(this.slider.value));
    // taking hold of the slider stops a replay, even before it is moved
    this.slider.onpointerdown = actions.hold;
    this.slider.onkeydown = actions.hold;
  }

  update(view, live) {
    this.view = view;
    this.controls.hidden = live || view.columns.step.length < 2; // one picture is no replay
    this.live.hidden = !live;
    this.live.classList.toggle("waiting", view.status === "queued");
    if (view.status === "queued") this.live.firstElementChild.style.opacity = "";
    write(this.live.lastElementChild, view.status === "queued" ? "queued" : "live");
    this.message.hidden = !view.message;
    this.message.classList.toggle("failed", view.status === "failed");
    write(this.message, view.message ?? "");
    write(this.announcement, ANNOUNCEMENTS[view.status] ?? "");
    this.slider.max = Math.max(0, view.columns.step.length - 1);
  }

  show(shown, live) {
    const { columns, epochs, rate, remaining } = this.view;
    const known = shown >= 0;
    const parts = known ? [
      `epoch ${columns.epoch[shown].toFixed(2)} of ${epochs}`,
      `${whole(columns.images[shown])} images`,
      secondsText(columns.seconds[shown]),
    ] : live ? ["no snapshot yet"] : [];
    if (known && rate > 0) parts.push(`${rateText(rate)} images/s`);
    if (known && live && remaining !== null) parts.push(`${remainingText(remaining)} left`);
    write(this.progress, parts.join(" · "));
    if (this.slider.value !== String(Math.max(0, shown))) this.slider.value = Math.max(0, shown);
    this.slider.style.setProperty("--share", Math.max(0, shown) / Math.max(1, Number(this.slider.max)));
  }

  /** The dot before "live" grows pale and dark again. An endless animation of CSS would draw 60 pictures a second. */
  breathe(now) {
    this.live.firstElementChild.style.opacity = 0.65 + 0.35 * Math.cos((2 * Math.PI * now) / BREATH);
  }

  setPlaying(playing) {
    if (this.playing === playing) return;
    this.playing = playing;
    const name = playing ? "Pause" : "Play";
    set(this.playButton, { "aria-label": name, title: name });
    this.icon.setAttribute("d", playing ? PAUSE : PLAY);
  }

  /** Say in words where the replay stands; called at a low rate. */
  describe(shown) {
    const { columns, loss_name: name } = this.view;
    if (shown < 0) return;
    const when = `after ${whole(columns.images[shown])} images, epoch ${columns.epoch[shown].toFixed(2)}`;
    this.slider.setAttribute("aria-valuetext", `${when}, test ${name} ${lossText(columns.test[shown])}`);
  }
}
