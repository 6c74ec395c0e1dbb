// The status line of a run that trains.

class Status {
  constructor(line) {
    this.line = line;
    this.channel = new Channel(
      "words",
      line,
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
    write(this.line, `${this.data.experiment} — ${this.words}`);
  }

  /** The page is to start anew. */
  end() {
    askWhenIdle(this.line, () => this.setTriggerValue("ended", this.data.question.run));
  }

  sleep() {
    this.channel.close();
  }
}

const lines = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const line = parentElement.querySelector(".status");
  if (!line || !data) return undefined;
  const known = lines.get(parentElement);
  const status = known?.line === line ? known : new Status(line);
  lines.set(parentElement, status);
  status.turns = (status.turns ?? 0) + 1;
  const turn = status.turns;
  status.update(unpack(data), setTriggerValue);
  // Streamlit may call the cleanup of a call that a newer one has overtaken: only the newest counts
  return () => {
    if (status.turns === turn) status.sleep();
  };
}
