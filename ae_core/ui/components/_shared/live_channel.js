// The browser's end of the channel: asks what is new about a run, again and again, as long as there is more to come.
//
// It asks the server over HTTP. Some hosts and proxies pass only what Streamlit's own page asks for: there it asks over
// Streamlit's websocket, by a run of the script, and gets the same answers.

import { askWhenIdle, stopAsking } from "./idle.js";
import { unpack } from "./packing.js";

const RETRY = 300; // ms until a server that did not answer is asked once more
const FAILURES = 2; // in a row, after which the websocket is asked instead
const LATE = 1500; // ms without an answer, after which the websocket is asked as well
const LOST_ANSWER = 6000; // ms after which an answer comes no more
const MEMORY = "bottleneck-transport"; // in the browser's session: how the channel is to be asked
const PACKED = "application/octet-stream"; // anything else is somebody else's answer

/** Where the app's server is, as Streamlit's own page finds it: named by the host, or beside the page's own address. */
function serverAddress() {
  const page = /** @type {Window & { __streamlit?: { BACKEND_BASE_URL?: string } }} */ (window);
  const named = page.__streamlit?.BACKEND_BASE_URL;
  return new URL(named ? named.replace(/\/*$/, "/") : "./", location.href);
}

const transport = {
  get isWebsocket() {
    try {
      return sessionStorage.getItem(MEMORY) === "websocket";
    } catch { // a frame of another site may have no storage
      return this.websocket ?? false;
    }
  },
  useWebsocket() {
    this.websocket = true;
    try {
      sessionStorage.setItem(MEMORY, "websocket");
    } catch { /* then it is found out once a page */ }
  },
};

export class Channel {
  /**
   * take(delta) is called with each answer, unpacked; gone() when the run is not kept any more;
   * known() gives what else the server has to know to answer; pause is the time between an answer and the next
   * question, in ms. `place` is the component's element, `trigger` what sends a question over the websocket.
   */
  constructor(view, place, take, { gone = () => {}, known = () => ({}), pause = 0 } = {}) {
    this.view = view;
    this.asker = { get isConnected() { return place.isConnected; } }; // the component may ask for something else
    this.take = take;
    this.gone = gone;
    this.known = known;
    this.pause = pause;
    this.asked = null;
    this.mark = "";
    /** @type {(question: object) => void} */
    this.trigger = () => {};
  }

  /** Take a message of the page: the question to be asked from now on, perhaps with its answer. */
  open(message) {
    const asked = JSON.stringify(message.question);
    const fresh = this.asked !== asked;
    if (fresh) {
      this.close();
      if (this.last !== asked) this.mark = ""; // a question that was interrupted goes on where it was
      this.last = this.asked = asked;
      this.question = message.question;
    }
    if ("mark" in message) this.receive(message);
    else if (fresh && transport.isWebsocket) this.askScript();
    else if (fresh) this.askServer((this.controller = new AbortController()).signal);
  }

  close() {
    this.controller?.abort();
    this.controller = null;
    stopAsking(this.asker);
    this.asked = null;
  }

  /** Take an answer that came over the websocket; the page may bring the same one again. */
  receive(answer) {
    if (this.cutOff) this.tryServer();
    if (answer.mark !== this.mark) {
      this.mark = answer.mark;
      this.take(answer);
    }
    if (answer.more) this.askScript(1000 * answer.pause);
    else this.controller?.abort();
  }

  /** Ask over the websocket, when no script runs. */
  askScript(wait = 0) {
    const ask = () => this.trigger({
      ...this.question, ...this.known(), seen: this.mark, websocket: transport.isWebsocket, at: performance.now(),
    });
    askWhenIdle(this.asker, ask, wait);
  }

  /** Where the app's server is asked what is new. */
  address() {
    const address = new URL(`live/${this.view}`, serverAddress());
    address.search = `${new URLSearchParams({ ...this.question, ...this.known(), seen: this.mark })}`;
    return address;
  }

  /** The websocket answers where HTTP did not: ask once more, and if that fails too, never again. */
  async tryServer() {
    this.cutOff = false;
    try {
      await answerOf(this.address(), AbortSignal.timeout(LOST_ANSWER));
    } catch {
      transport.useWebsocket();
    }
  }

  async askServer(signal) {
    for (let failures = 0; !signal.aborted;) {
      const late = setTimeout(() => this.askScript(), LATE);
      const lost = AbortSignal.timeout(LOST_ANSWER);
      try {
        const delta = await answerOf(this.address(), AbortSignal.any([signal, lost]));
        if (signal.aborted) return;
        stopAsking(this.asker);
        if (delta === null) {
          this.asked = null; // the page that is drawn now may ask the same again
          return void this.gone();
        }
        failures = 0;
        this.mark = delta.mark;
        this.take(delta);
        if (!delta.more) return;
      } catch (error) {
        if (signal.aborted) return;
        failures += lost.aborted ? FAILURES : 1;
        if (failures >= FAILURES) {
          // A browser does not tell a network that is gone, and the websocket with it, from an answer that it may not read.
          this.cutOff = error instanceof TypeError;
          if (!this.cutOff) transport.useWebsocket();
          return void this.askScript();
        }
      } finally {
        clearTimeout(late);
      }
      await new Promise((resolve) => setTimeout(resolve, failures ? RETRY : this.pause));
    }
  }
}

/** The server's answer, unpacked; null for a run that is not kept any more. Throws where somebody else answers. */
async function answerOf(address, signal) {
  const answer = await fetch(address, { signal, cache: "no-store" });
  if (answer.status === 204) return null;
  if (!answer.ok || answer.headers.get("Content-Type") !== PACKED) throw new Error(`status ${answer.status}`);
  return unpack(new Uint8Array(await answer.arrayBuffer()));
}
