"""The work of a part of a page, and the watch on it."""

from ae_core.runs.run import Run
from ae_core.ui.layout.progress import Work, training_work
from ae_core.ui.session.watch import Watch
from tests.small import SMALL


def test_the_work_of_networks_is_done_when_all_have_ended() -> None:
    ended, waits = Run(SMALL, state="finished"), Run(SMALL)
    assert training_work([SMALL, SMALL], [None, waits]).share == 0
    assert training_work([SMALL, SMALL], [ended, ended]).share == 1
    assert training_work([SMALL] * 64, [ended] * 32 + [None] * 32).share == 0.5


def test_no_work_is_done_and_more_than_all_is_none() -> None:
    assert Work(0, 0).share == 1 and Work(1, 2).share == 0


def test_a_watch_goes_on_and_begins_anew_after_a_pause_and_with_more_work() -> None:
    first = Watch.after(None, 100, 50)
    later = Watch.after(first, 105, 40)
    assert (later.began, later.left) == (100, 50)
    assert Watch.after(later, 130, 30) == Watch(130, 130, 30)
    assert Watch.after(later, 106, 60) == Watch(106, 106, 60)
