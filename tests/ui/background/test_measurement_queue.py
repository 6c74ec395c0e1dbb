"""Measurements: made in the background, once for all who ask, in a thread or in a process of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from ae_core.data.datasets import DataError, fashion
from ae_core.evaluation import measuring_process as measuring
from ae_core.spec import Spec
from ae_core.ui.background import measurement_queue as later
from ae_core.ui.background.measurement_queue import Measurements
from ae_core.ui.background.trained_network import Subject
from ae_core.ui.script_run.end_page import MeasurementError
from tests.runs.pool_contract import until

ROOT = Path(__file__).parents[3]


def test_a_name_holds_no_networks_weights() -> None:
    weights = (np.zeros(3, np.float32),)
    subject = Subject("a run", 7, Spec(), weights)
    name = later._name(told, (subject, 3, (subject,)), {})
    assert name == (told.__module__, "told", (("a run", 7, Spec()), 3, (("a run", 7, Spec()),)), ())
    assert name != later._name(told, (replace(subject, step=8), 3, (subject,)), {})


@pytest.fixture(params=[False, True], ids=["thread", "process"])
def measurements(request: pytest.FixtureRequest) -> Measurements:
    """Made in a thread, and made apart."""
    return Measurements(in_process=request.param)


@pytest.fixture
def apart() -> Measurements:
    """Made in a process of its own."""
    return Measurements(in_process=True)


def told(file: str) -> int:
    """Leave a mark, and tell who did it."""
    with Path(file).open("a") as marks:
        marks.write("x")
    return os.getpid()


def broken(file: str) -> None:
    told(file)
    raise DataError("A file is damaged.")


def deadly(file: str) -> int:
    """End the process that does it, the first time."""
    if not Path(file).exists():
        told(file)
        os.kill(os.getpid(), signal.SIGKILL)
    return told(file)


def always_deadly(file: str) -> int:
    """End the process that does it, whenever."""
    os.kill(os.getpid(), signal.SIGKILL)
    return told(file)


def hanging(file: str) -> int:
    """Do nothing any more, the first time."""
    if not Path(file).exists():
        told(file)
        os.kill(os.getpid(), signal.SIGSTOP)
    return told(file)


def endless(file: str) -> int:
    while True:
        pass


def result(measurements: Measurements, name: str, function: Callable[[str], int], file: Path) -> int:
    """Ask until it is there."""
    until(lambda: measurements.ask(name, function, str(file)) is not None)
    found = measurements.ask(name, function, str(file))
    assert found is not None
    return found


def test_a_result_is_made_once_for_all_who_ask(measurements: Measurements, tmp_path: Path) -> None:
    first = result(measurements, "it", told, tmp_path / "marks")
    assert result(measurements, "it", told, tmp_path / "marks") == first
    assert (tmp_path / "marks").read_text() == "x"


def test_what_goes_wrong_reaches_whoever_asks(measurements: Measurements, tmp_path: Path) -> None:
    measurements.ask("it", broken, str(tmp_path / "marks"))
    measurements.wait()
    with pytest.raises(DataError, match="A file is damaged"):
        measurements.ask("it", broken, str(tmp_path / "marks"))


class Held:
    """Something that a page holds."""


def test_what_went_wrong_holds_nothing_of_the_pages_that_asked(measurements: Measurements, tmp_path: Path) -> None:
    def page() -> "weakref.ref[Held]":
        held = Held()
        with contextlib.suppress(DataError):
            measurements.ask("it", broken, str(tmp_path / "marks"))
        return weakref.ref(held)

    page()
    measurements.wait()
    assert [page()() for _ in range(2)] == [None, None]


def test_what_went_wrong_is_tried_anew_after_a_while(
    measurements: Measurements, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        measurements.wait()
        if (tmp_path / "marks").exists():
            with pytest.raises(DataError):
                measurements.ask("it", broken, str(tmp_path / "marks"))
        else:
            measurements.ask("it", broken, str(tmp_path / "marks"))
    assert (tmp_path / "marks").read_text() == "x", "not at each question"
    monkeypatch.setattr(later, "AGAIN", 0.0)
    assert measurements.ask("it", broken, str(tmp_path / "marks")) is None
    measurements.wait()
    assert (tmp_path / "marks").read_text() == "xx"


def test_results_beyond_the_bound_are_dropped_the_longest_unused_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "WANTED", 0.5)
    measurements = Measurements(max_bytes=25_000)
    for number in range(4):
        assert measurements.ask(number, np.zeros, 1_000) is None
        measurements.wait()
    until(lambda: time.monotonic() - measurements._known[3].asked > later.WANTED)
    measurements.ask(4, np.zeros, 1_000)
    measurements.wait()
    assert list(measurements._known) == [3, 4]


def test_what_somebody_waits_for_is_kept_however_much_it_is() -> None:
    measurements = Measurements(max_bytes=1_000)  # less than two of them
    names = [(visitor, part) for visitor in range(9) for part in range(99)]
    for _ in range(2):  # each page asks for all its parts until it has them together
        results = [measurements.ask(name, np.zeros, 10) for name in names]
        measurements.wait()
    assert all(result is not None for result in results)


def test_the_size_of_a_result_is_that_of_its_arrays_and_of_what_holds_them() -> None:
    array, tensor = np.zeros((10, 200), np.float32), torch.zeros(10, 100)
    assert later.size_of(array) == 8_000 and later.size_of(tensor) == 4_000
    found = later.size_of({"a name": (array, [tensor]), "a subject": Subject("id", 1, Spec(), (array,))})
    assert 20_000 < found < 25_000


def test_what_nobody_waits_for_any_more_is_made_only_when_somebody_asks_again(
    measurements: Measurements, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "WANTED", 0.2)
    measurements.ask("busy", time.sleep, 0.5)
    measurements.ask("it", told, str(tmp_path / "marks"))
    measurements.wait()
    assert not (tmp_path / "marks").exists()
    assert result(measurements, "it", told, tmp_path / "marks")


def test_apart_means_in_another_process(apart: Measurements, tmp_path: Path) -> None:
    assert result(apart, "it", told, tmp_path / "marks") != os.getpid()


def with_scikit_learn(_: str) -> int:
    """How many modules of pandas scikit-learn brings along."""
    from sklearn.neighbors import KNeighborsClassifier

    assert KNeighborsClassifier
    return sum(name.startswith("pandas.") for name in sys.modules)


def test_scikit_learn_does_without_pandas_in_the_process_that_measures() -> None:
    asked = (
        "from tests.ui.background.test_measurement_queue import *; "
        "print(result(Measurements(in_process=True), 'it', with_scikit_learn, Path()))"
    )
    command = [sys.executable, "-c", asked]  # pytest's own process may have pandas from another test
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "0\n"


def test_all_is_forgotten_and_made_again_in_another_process(apart: Measurements, tmp_path: Path) -> None:
    first = result(apart, "it", told, tmp_path / "marks")
    apart.forget()
    apart.renew()
    assert apart.ask("it", told, str(tmp_path / "marks")) is None
    assert result(apart, "it", told, tmp_path / "marks") != first
    assert (tmp_path / "marks").read_text() == "xx"


def test_a_process_that_is_lost_is_replaced_and_the_measurement_made_once_more(
    apart: Measurements, tmp_path: Path
) -> None:
    found = result(apart, "it", deadly, tmp_path / "marks")
    assert found != os.getpid()
    assert (tmp_path / "marks").read_text() == "xx"


def test_a_measurement_whose_process_is_lost_each_time_says_so_in_one_sentence(
    apart: Measurements, tmp_path: Path
) -> None:
    with pytest.raises(MeasurementError, match="Reload the page"):
        result(apart, "it", always_deadly, tmp_path)
    assert result(apart, "another", told, tmp_path / "marks") != os.getpid(), "the next one has a process again"


def impatient(monkeypatch: pytest.MonkeyPatch) -> Measurements:
    """Made apart, in a process that may compute for a moment and must not be still for a second."""
    monkeypatch.setattr(measuring, "LIMIT", 0.01)
    monkeypatch.setattr(measuring, "BEHIND", 0)  # on a busy machine it would be still, too
    measurements = Measurements(in_process=True)
    assert measurements._child is not None
    measurements._child._still = 1.0
    return measurements


def test_a_measurement_whose_process_hangs_is_made_once_more_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = impatient(monkeypatch)
    assert result(apart, "it", hanging, tmp_path / "marks") != os.getpid()
    assert (tmp_path / "marks").read_text() == "xx"


def test_a_measurement_that_takes_too_long_says_so_and_the_next_one_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = impatient(monkeypatch)
    with pytest.raises(MeasurementError, match="took too long and was ended"):
        result(apart, "it", endless, tmp_path)
    assert result(apart, "another", told, tmp_path / "marks") != os.getpid()


def test_an_error_of_the_system_in_a_measurement_is_its_own(measurements: Measurements, tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        result(measurements, "it", told, tmp_path)


@pytest.mark.parametrize("in_process", [False, True], ids=["thread", "process"])
def test_with_too_little_memory_left_nothing_is_measured_and_one_sentence_says_so(
    in_process: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(measuring, "memory_left", lambda: measuring.NEEDED - 1)  # and so in a process that is forked
    short = Measurements(in_process=in_process)
    with pytest.raises(MeasurementError, match="too little memory"):
        result(short, "it", told, tmp_path / "marks")
    assert not (tmp_path / "marks").exists()


def test_with_little_memory_left_nothing_is_kept_for_the_next_measurement(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fashion()
    monkeypatch.setattr(measuring, "memory_left", lambda: measuring.AMPLE - 1)
    little = Measurements(in_process=True)
    first = result(little, "it", told, tmp_path / "marks")
    assert not fashion.cache_info().currsize
    little.wait()
    assert result(little, "another", told, tmp_path / "marks") != first, "the process goes with what it has loaded"


def test_a_measurement_that_is_lost_is_told_and_the_rest_of_the_page_goes_on() -> None:
    def page() -> None:
        import streamlit as st

        from ae_core.ui.script_run.end_page import MeasurementError, errors_in_sentences

        with errors_in_sentences():
            raise MeasurementError("A measurement broke off.")
        st.write("the sidebar")

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert [each.value for each in app.warning] == ["A measurement broke off."]
    assert app.markdown[0].value == "the sidebar"


def test_a_thread_that_measures_keeps_no_server_from_ending(measurements: Measurements) -> None:
    threads = [thread for thread in threading.enumerate() if thread.name == "measuring"]
    assert threads and all(thread.daemon for thread in threads)
