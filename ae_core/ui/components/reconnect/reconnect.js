// Asks for a run of the page when its connection to the server was lost and is there again.

import { askWhenIdle, stopAsking } from "../_shared/idle.js";
import { isConnected, whenConnectionChanges } from "../_shared/streamlit_page.js";

export default function ({ parentElement, setTriggerValue }) {
  stopAsking(parentElement); // the page has run
  let wasConnected = isConnected();
  return whenConnectionChanges(() => {
    if (isConnected() && !wasConnected) askWhenIdle(parentElement, () => setTriggerValue("reconnected", true));
    wasConnected = isConnected();
  });
}
