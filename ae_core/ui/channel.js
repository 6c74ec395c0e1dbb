// The browser's end of the channel: asks what is new about a run, again and again, as long as there is more to come.

const RETRY = 1000; // ms until a server that did not answer is asked once more

/** Where the app lives: Streamlit's own script stands in <app>/static/js/. */
function appAddress() {
  const script = document.querySelector('script[src*="/static/js/"]');
  return script ? new URL("../../", script.src) : new URL("./", document.baseURI);
}

class Channel {
  /**
   * take(news) is called with each answer, unpacked; gone() when the run is not kept any more;
   * known() gives what else the server has to know to answer.
   */
  constructor(view, take, { gone = () => {}, known = () => ({}) } = {}) {
    Object.assign(this, { view, take, gone, known, asked: null, mark: "" });
  }

  /** Ask this question from now on; nothing happens where it is being asked already. */
  open(question) {
    const asked = JSON.stringify(question);
    if (this.asked === asked) return;
    this.close();
    if (this.last !== asked) this.mark = ""; // a question that was interrupted goes on where it was
    this.last = this.asked = asked;
    this.controller = new AbortController();
    this.ask(question, this.controller.signal);
  }

  close() {
    this.controller?.abort();
    this.asked = null;
  }

  async ask(question, signal) {
    const address = new URL(`live/${this.view}`, appAddress());
    while (!signal.aborted) {
      address.search = new URLSearchParams({ ...question, ...this.known(), seen: this.mark });
      let news;
      try {
        const answer = await fetch(address, { signal, cache: "no-store" });
        if (signal.aborted) return;
        if (answer.status === 204) {
          this.asked = null; // the page that is drawn now may ask the same again
          return void this.gone();
        }
        if (!answer.ok) throw new Error(`${answer.status}`);
        news = unpack(new Uint8Array(await answer.arrayBuffer()));
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY));
        continue;
      }
      if (signal.aborted) return;
      this.mark = news.mark;
      this.take(news);
      if (!news.more) return;
    }
  }
}
