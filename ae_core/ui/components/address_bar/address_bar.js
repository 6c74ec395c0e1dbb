// The entries of the browser's history: one for each experiment that was trained, and none for the way to it.
//
// Streamlit overwrites the newest entry when the visitor moves a control, and adds one for each setting that the server
// changes: both lose what Back is to show. Here an entry whose settings were moved remembers its trained ones, and gets
// them back when the next entry comes: with the next training, or with another page.
//
// The state of an entry: `trained` where its address is that of a trained experiment; `base`, the address of that
// experiment, where the visitor has moved controls since.

import { unpack } from "../_shared/packing.js";

let names = []; // of the settings

/** The settings of an address, however they are written there: 7.0 is 7. */
function settingsOf(address) {
  const given = new URL(address, location.href).searchParams;
  const values = names.map((name) => given.get(name) ?? "");
  return JSON.stringify(values.map((text) => (text.trim() === "" || isNaN(Number(text)) ? text : Number(text))));
}

/** @type {History & { trained?: (settings: string) => void }} */
const history = window.history;

function takeOver() {
  if (history.trained) return; // an earlier version of this script has done so
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);

  /** Add an entry; the one before it shows again what was trained there. */
  const add = (state, address) => {
    const target = new URL(address, location.href).href;
    const { base } = history.state ?? {};
    if (base) replace({ trained: true }, "", base);
    push(state, "", target);
  };

  const change = (pushes) => (state, unused, address) => {
    if (!address) return (pushes ? push : replace)(state, unused, address);
    const here = history.state ?? {};
    const elsewhere = new URL(address, location.href).pathname !== location.pathname;
    if (!elsewhere && settingsOf(address) === settingsOf(location.href)) return replace(here, "", address);
    if (pushes && (elsewhere || here.trained || here.base)) return add({}, address);
    return replace({ base: here.trained ? location.href : here.base }, "", address);
  };
  history.pushState = change(true);
  history.replaceState = change(false);

  /** The experiment of these settings is trained, unless the visitor has moved on meanwhile. */
  history.trained = (settings) => {
    if (settingsOf(`?${settings}`) !== settingsOf(location.href)) return;
    const { base } = history.state ?? {};
    if (base && settingsOf(base) !== settingsOf(location.href)) add({ trained: true }, location.href);
    else replace({ trained: true }, "");
  };

  window.addEventListener("popstate", () => {
    const { base, ...state } = history.state ?? {};
    if (base) replace(state, ""); // who comes back to settings that were moved gets these trained
  });
}

export default function ({ data }) {
  if (!data) return;
  const { settings, trained, known } = unpack(data);
  names = known;
  takeOver();
  if (trained) history.trained(settings);
}
