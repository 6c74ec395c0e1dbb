import assert from "node:assert/strict";
import { test } from "node:test";

import { Player } from "../../../../ae_core/ui/components/_shared/player.js";
import { framesOf, joined, sameBytes } from "../../../../ae_core/ui/components/training_player/delta.js";

const FRAMES = Array.from({ length: 61 }, (_, i) => 2 * i); // every other frame of the recording has pictures

/** A player that knows these frames. */
function knowing(frames) {
  const player = new Player();
  player.know(frames);
  return player;
}

test("a player without frames shows none and stands still", () => {
  const player = new Player();
  assert.deepEqual([player.shown, player.moving, player.tick(1)], [-1, false, false]);
});

test("a burst of frames is played in less than a second", () => {
  const player = knowing([0]);
  player.know(FRAMES);
  assert.equal(player.shown, 0);
  assert.ok(player.tick(0.45));
  assert.equal(player.shown, 60);
  player.tick(0.5);
  assert.deepEqual([player.shown, player.moving], [120, false]);
});

test("frames that fill earlier gaps leave the shown one where it is", () => {
  const player = knowing([0, 8]);
  player.jump(8);
  player.know([0, 2, 4, 6, 8]);
  assert.equal(player.shown, 8);
});

test("a replay starts anew at the end, takes seconds, and stands still at its end", () => {
  const player = knowing(FRAMES);
  player.toEnd();
  player.play();
  assert.equal(player.shown, 0);
  player.tick(1.5);
  assert.ok(player.moving);
  player.tick(60);
  assert.deepEqual([player.shown, player.mode], [120, "hold"]);
});

test("a jump goes to the nearest frame with pictures and stays there", () => {
  const player = knowing(FRAMES);
  player.play();
  player.jump(33);
  assert.ok([32, 34].includes(player.shown));
  assert.ok(!player.tick(1));
});

test("a delta joins what is known from its first frame on", () => {
  const columns = joined({ step: [0, 1, 2], test: [5, 4, 3] }, { step: [2, 3], test: [2, 1] }, 2);
  assert.deepEqual(columns, { step: [0, 1, 2, 3], test: [5, 4, 2, 1] });
});

test("a frame whose pictures are not complete is left out", () => {
  const tiles = new Uint8Array(2 * 7840).fill(1, 7840);
  const codes = Uint8Array.from({ length: 30 }, (_, i) => i - 10); // one frame and a half of two numbers a digit
  const [frame, ...others] = framesOf({ tiles, codes, code_scales: [0.5, 2] }, 2);
  assert.deepEqual(others, []);
  assert.deepEqual([frame.tile.length, frame.scale], [7840, 0.5]);
  assert.deepEqual([...frame.code.slice(0, 3)], [-10, -9, -8]);
});

test("bytes are the same when all of them are", () => {
  assert.ok(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2)));
  assert.ok(!sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  assert.ok(!sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1)));
});
