// What is read off Streamlit's own page, for want of a public way: any release may change it.
// What is used of its server stands in ae_core/ui/streamlit_internals.py.

const CONNECTION = "data-test-connection-state";

/** Whether a click on this element leads to another page of the app. */
export function isPageLink(element) {
  return Boolean(element.closest?.('[data-testid="stSidebarNav"] a'));
}

/** Whether a script of this page is at work. */
export function isScriptRunning() {
  return appState().testScriptState === "running";
}

/** Whether the browser has its websocket. */
export function isConnected() {
  const { testConnectionState = "CONNECTED" } = appState();
  return testConnectionState === "CONNECTED";
}

/** Call this each time that the websocket may have come or gone; what is returned ends it. */
export function whenConnectionChanges(call) {
  const watching = new MutationObserver(call);
  watching.observe(document.body, { subtree: true, attributeFilter: [CONNECTION] });
  return () => watching.disconnect();
}

/** What Streamlit's page says of itself. */
function appState() {
  const app = /** @type {HTMLElement | null} */ (document.querySelector('[data-testid="stApp"]'));
  return app?.dataset ?? {};
}
