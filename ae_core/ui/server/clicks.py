"""No click is lost, however soon the next one follows.

Streamlit looks for a newer request of the browser at each of its calls, and ends there what is at work. That is right
for a page, which is drawn anew. But it looks also before a click's callback is called, and in the middle of it, and
nobody calls that again. And a script that already ends for a request, and still draws what belongs under the page,
would forget that one for the next.
"""

import sys

from streamlit.runtime.scriptrunner import RerunException, ScriptRunner, get_script_run_ctx

_look_for_requests = ScriptRunner._maybe_handle_execution_control_request


def keep_clicks() -> None:
    """A request waits until the script before it has begun, and for one that already makes way until it has ended."""
    ScriptRunner._maybe_handle_execution_control_request = _look  # type: ignore[method-assign, assignment]


def _look(runner: ScriptRunner) -> None:
    context = get_script_run_ctx(suppress_warning=True)
    calls_back = context is not None and not context.has_script_started
    makes_way = isinstance(sys.exc_info()[1], RerunException)
    if not calls_back and not makes_way:
        _look_for_requests(runner)
