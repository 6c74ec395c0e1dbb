// The status line of a run that trains.

class Status {
  constructor() {
    this.channel = new Channel(
      "words",
      (news) => {
        this.words = news.words;
        this.show();
        if (!news.more) this.end();
      },
      { gone: () => this.end() },
    );
  }

  update(line, data, setTriggerValue) {
    if (data.question.run !== this.data?.question.run) this.words = data.words;
    Object.assign(this, { line, data, setTriggerValue });
    this.show();
    this.channel.open(data.question);
  }

  show() {
    write(this.line, `${this.data.experiment} — ${this.words}`);
  }

  /** The page is to start anew. */
  end() {
    askWhenIdle(this.line, () => this.setTriggerValue("ended", this.data.question.run));
  }

  sleep() {
    this.channel.close();
    stopAsking(this.line);
  }
}

const lines = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const line = parentElement.querySelector(".status");
  if (!line || !data) return undefined;
  const status = lines.get(parentElement) ?? new Status();
  lines.set(parentElement, status);
  status.turns = (status.turns ?? 0) + 1;
  const turn = status.turns;
  status.update(line, unpack(data), setTriggerValue);
  // Streamlit may call the cleanup of a call that a newer one has overtaken: only the newest counts
  return () => {
    if (status.turns === turn) status.sleep();
  };
}
