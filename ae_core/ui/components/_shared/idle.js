// Asking for a run of the script at the right moment.

import { isConnected, isPageLink, isScriptRunning } from "./streamlit_page.js";

const MOMENT = 100; // ms between two looks whether a script still runs
const LOST = 5000; // ms until an answer that never came is asked for once more
const ALONE = 250; // ms after a question of any place: of what comes together Streamlit runs one fragment alone
const CALM = 1500; // ms after the visitor's last touch: her request goes first, and it shows only when it is answered

let touched = performance.now(); // she may have clicked just before this script was there to hear it
for (const kind of ["pointerdown", "pointerup", "keydown", "input", "popstate"]) {
  window.addEventListener(kind, () => (touched = performance.now()), true);
}

let clicks = 0; // on a link to a page
window.addEventListener("click", (event) => {
  const stays = event.ctrlKey || event.metaKey || event.shiftKey; // and the other page comes in a new tab
  if (!stays && isPageLink(event.target)) clicks++;
}, true);

/** Which page the visitor wants to see: another one after each click on a link, and as she goes back. */
function pageWanted() {
  return `${clicks} ${location.pathname}`;
}

/**
 * Whether a script of this page is at work: Streamlit drops the answer of a run that the next request overtakes. While
 * there is no connection nothing is asked for either: a new session begins with a run of the whole page.
 */
function scriptRuns() {
  return isScriptRunning() || !isConnected();
}

const shared = /** @type {Window & { bottleneckAsked?: { at: number } }} */ (window);
const latest = (shared.bottleneckAsked ??= { at: -ALONE }); // question of any component: each has its copy of this

const askers = new WeakMap(); // place -> the timer of its next look

/**
 * Call `ask` as soon as no script runs and the visitor touches nothing, and again until `stopAsking` is called.
 *
 * A place on the page has one question at a time: a new call replaces the former one. After a click on a link to another
 * page the places of this one ask no more, although it may still be shown for seconds: if the server got a question of
 * the old page after the click, it would go back to that page, or leave the new one empty.
 */
export function askWhenIdle(place, ask, wait = 0) {
  stopAsking(place);
  const page = pageWanted();
  const look = () => {
    if (!place.isConnected || pageWanted() !== page) return;
    const now = performance.now();
    const idle = !scriptRuns() && now - touched > CALM && now - latest.at >= ALONE;
    if (idle) {
      latest.at = now;
      ask();
    }
    askers.set(place, setTimeout(look, idle ? LOST : MOMENT));
  };
  askers.set(place, setTimeout(look, wait));
}

export function stopAsking(place) {
  clearTimeout(askers.get(place));
}
