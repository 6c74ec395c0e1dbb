// The status line of a run that trains.

import { write } from "../_shared/elements.js";
import { askWhenIdle } from "../_shared/idle.js";
import { Channel } from "../_shared/live_channel.js";
import { mounted } from "../_shared/mount.js";
import { unpack } from "../_shared/packing.js";

class StatusLine {
  constructor(root) {
    this.root = root;
    this.data = this.words = this.setTriggerValue = null;
    this.channel = new Channel(
      "words",
      root,
      (delta) => {
        this.words = delta.words;
        this.show();
        if (!delta.more) this.end();
      },
      { gone: () => this.end() },
    );
  }

  update(data, setTriggerValue) {
    if (data.question.run !== this.data?.question.run) this.words = data.words;
    Object.assign(this, { data, setTriggerValue });
    this.channel.trigger = (question) => setTriggerValue("ask", question);
    this.show();
    this.channel.open(data);
  }

  show() {
    write(this.root, `${this.data.experiment} — ${this.words}`);
  }

  /** The page is to start anew. */
  end() {
    askWhenIdle(this.root, () => this.setTriggerValue("ended", this.data.question.run));
  }

  sleep() {
    this.channel.close();
  }
}

export default mounted(
  ".status",
  (root) => new StatusLine(root),
  (line, data, { setTriggerValue }) => line.update(unpack(data), setTriggerValue),
);
