// Asking for a run of the script at the right moment.

const MOMENT = 100; // ms between two looks whether a script still runs
const LOST = 5000; // ms until an answer that never came is asked for once more

/** Whether a script of this page is at work: Streamlit drops the answer of a run that the next request overtakes. */
function scriptRuns() {
  return document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "running";
}

/** Call `ask` as soon as no script runs, and again as long as nothing has come of it; returns how to stop that. */
function askWhenIdle(ask, wait = 0) {
  let timer;
  const look = () => {
    const idle = !scriptRuns();
    if (idle) ask();
    timer = setTimeout(look, idle ? LOST : MOMENT);
  };
  timer = setTimeout(look, wait);
  return () => clearTimeout(timer);
}
