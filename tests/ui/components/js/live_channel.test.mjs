// The channel against a real server; the page around it has no more than the channel asks of one.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

import { packed } from "./packed.mjs";

const SCRIPT = "../../../../ae_core/ui/components/_shared/live_channel.js";
const CUT = "the connection is cut";
const QUESTION = { run: "7", visitor: "ann" };

let server, Channel, asked, answers;

before(async () => {
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://app.test");
    asked.push({ pathname, ...Object.fromEntries(searchParams) });
    const answer = answers.shift();
    if (answer === CUT) return void request.socket.destroy();
    const [status, type, body] = answer;
    response.writeHead(status, { "Content-Type": type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}/app/`;
  globalThis.window = Object.assign(new EventTarget(), { __streamlit: { BACKEND_BASE_URL: address } });
  globalThis.document = { querySelector: () => null };
  globalThis.location = new URL(address);
  ({ Channel } = await import(SCRIPT));
});

after(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  asked = [];
  answers = [];
});

const news = (fields) => [200, "application/octet-stream", packed(fields)];

/** A channel of a component on the page; `taken` is what it took, and `over` when it has nothing more to ask. */
function opened() {
  const taken = [];
  const { promise: over, resolve } = Promise.withResolvers();
  const channel = new Channel("player", { isConnected: true }, (delta) => {
    taken.push(delta.mark);
    if (!delta.more) resolve("all is known");
  }, { gone: () => resolve("the run is gone"), known: () => ({ frames: taken.length }) });
  channel.trigger = (question) => resolve(question);
  return { channel, taken, over };
}

test("it asks for what is new until there is no more, and tells what is known", async () => {
  answers = [news({ mark: "1", more: true }), news({ mark: "2", more: false })];
  const { channel, taken, over } = opened();
  channel.open({ question: QUESTION });
  assert.equal(await over, "all is known");
  assert.deepEqual(taken, ["1", "2"]);
  assert.deepEqual(asked, [
    { pathname: "/app/live/player", ...QUESTION, frames: "0", seen: "" },
    { pathname: "/app/live/player", ...QUESTION, frames: "1", seen: "1" },
  ]);
});

test("the same question is not asked twice at once", async () => {
  answers = [news({ mark: "1", more: false })];
  const { channel, over } = opened();
  channel.open({ question: QUESTION });
  channel.open({ question: QUESTION });
  await over;
  assert.equal(asked.length, 1);
});

test("a run that is kept no more is told of once", async () => {
  answers = [[204, "text/plain"]];
  const { channel, taken, over } = opened();
  channel.open({ question: QUESTION });
  assert.equal(await over, "the run is gone");
  assert.deepEqual(taken, []);
});

test("a server that fails once is asked again", async () => {
  answers = [[503, "text/plain", "busy"], news({ mark: "1", more: false })];
  const { channel, taken, over } = opened();
  channel.open({ question: QUESTION });
  assert.equal(await over, "all is known");
  assert.deepEqual(taken, ["1"]);
});

test("a message that brings its answer is taken, once however often it comes", () => {
  const { channel, taken } = opened();
  for (const mark of ["1", "1", "2"]) channel.open({ question: QUESTION, mark, more: false });
  assert.deepEqual(taken, ["1", "2"]);
  assert.deepEqual(asked, []);
});

test("where the connection is cut it asks over the websocket, and the server once more when that answers", async () => {
  answers = [CUT, CUT, news({ mark: "1", more: false })];
  const { channel, taken, over } = opened();
  channel.open({ question: QUESTION });
  assert.equal((await over).websocket, false);
  channel.receive({ mark: "1", more: false });
  while (asked.length < 3) await new Promise(setImmediate);
  assert.deepEqual(taken, ["1"]);
  channel.close();
});

// The last one: which way is to be used is remembered.
test("where somebody else answers it asks over the websocket, with the same question", async () => {
  answers = [[200, "text/html", "<p>hello"], [200, "text/html", "<p>hello"]];
  const { channel, over } = opened();
  channel.open({ question: QUESTION });
  const { at, ...question } = await over;
  assert.deepEqual(question, { ...QUESTION, frames: 0, seen: "", websocket: true });
  assert.equal(asked.length, 2);
  channel.close();
});
