// Asks for a run of the page when its connection to the server was lost and is there again.

import { askWhenIdle, isConnected, stopAsking } from "../_shared/idle.js";

export default function ({ parentElement, setTriggerValue }) {
  stopAsking(parentElement); // the page has run
  let wasConnected = isConnected();
  const watching = new MutationObserver(() => {
    if (isConnected() && !wasConnected) askWhenIdle(parentElement, () => setTriggerValue("reconnected", true));
    wasConnected = isConnected();
  });
  watching.observe(document.body, { subtree: true, attributeFilter: ["data-test-connection-state"] });
  return () => watching.disconnect();
}
