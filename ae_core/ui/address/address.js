// The entries of the browser's history: one for each experiment that was trained, and none for the way to it.
//
// Streamlit overwrites the newest entry when the visitor moves a control, and adds one for each setting that the server
// changes: both lose what Back is to show. Here the entry of a trained experiment stays as it is: the first change of
// its settings makes the next entry, and all further changes overwrite that one until it is trained in its turn.

let names = []; // of the settings

/** The settings of an address, however they are written there: 7.0 is 7. */
function settingsOf(address) {
  const given = new URL(address, location.href).searchParams;
  const values = names.map((name) => given.get(name)).map((text) => (text === null ? "" : text));
  return JSON.stringify(values.map((text) => (text.trim() === "" || isNaN(text) ? text : Number(text))));
}

function takeOver() {
  const history = window.history;
  if (history.keepsTrained) return;
  const { pushState, replaceState } = history;
  const change = (given) => (state, unused, address) => {
    const elsewhere = address && new URL(address, location.href).pathname !== location.pathname;
    if (!address || elsewhere) return given.call(history, state, unused, address);
    if (settingsOf(address) === settingsOf(location.href)) {
      return replaceState.call(history, history.state, unused, address);
    }
    const write = history.state?.trained ? pushState : replaceState;
    return write.call(history, {}, unused, address);
  };
  history.pushState = change(pushState);
  history.replaceState = change(replaceState);
  history.keepsTrained = (settings) => {
    const same = settingsOf(`?${settings}`) === settingsOf(location.href); // else she has moved on meanwhile
    if (same) replaceState.call(history, { ...history.state, trained: true }, "");
  };
}

export default function ({ data }) {
  if (!data) return;
  const { settings, trained, known } = unpack(data);
  names = known;
  takeOver();
  if (trained) window.history.keepsTrained(settings);
}
