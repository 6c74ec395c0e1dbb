// Asks for the next run of a fragment.

import { askWhenIdle } from "../_shared/idle.js";
import { unpack } from "../_shared/packing.js";

export default function ({ data, parentElement, setTriggerValue }) {
  const { turn, pause } = unpack(data);
  askWhenIdle(parentElement, () => setTriggerValue("turn", turn), pause * 1000);
}
