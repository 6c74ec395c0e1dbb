"""No click is lost, however soon the next one follows.

Streamlit looks for a newer request of the browser at each of its calls, and ends there what is at work. That is right
for a page, which is drawn anew. But it looks also before a click's callback is called, and in the middle of it, and
nobody calls that again. And a script that already ends for a request, and still draws what belongs under the page,
would forget that one for the next.
"""

from ae_core.ui.streamlit_internals import is_before_script, makes_way, postpone_requests


def keep_clicks() -> None:
    """A request waits until the script before it has begun, and for one that already makes way until it has ended."""
    postpone_requests(lambda: is_before_script() or makes_way())
