"""The command line: one line for every mistake, one JSON object for every result."""

import argparse
import io
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pytest
import torch

import ae_core.evaluation.umap_tsne
from ae_core.autoencoder.model import Autoencoder
from ae_core.cli import bench, layouts, main, training
from ae_core.cli.arguments import flag, parser, spec_of
from ae_core.cli.threads import threads
from ae_core.cli.tutorial_loop import Pictures, plain_network
from ae_core.data.datasets import DataError, Dataset
from ae_core.evaluation.umap_tsne import NAMES, read_layouts
from ae_core.spec import DEFAULTS, RULES, Spec
from ae_core.training import snapshot as snapshots
from ae_core.training.loop import Diverged, train

ROOT = Path(__file__).parents[2]
QUICK = ["train", "--code-size", "4", "--width", "16", "--train-images", "64", "--batch-size", "16", "--epochs", "20"]
QUICK_SPEC = Spec(code_size=4, width=16, train_images=64, batch_size=16, epochs=20)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], blobs: Dataset, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line on 64 synthetic images: exit status, output, errors."""
    monkeypatch.setattr(training, "images_of", lambda name: blobs)
    monkeypatch.setattr(bench, "mnist", lambda: blobs)

    def run(*argv: str) -> tuple[int, str, str]:
        try:
            status = main(argv)
        except SystemExit as ended:  # after the help
            status = int(f"{ended.code}")
        return status, *capsys.readouterr()

    return run


def command(*argv: str) -> subprocess.CompletedProcess[str]:
    python = [sys.executable, "-m", "ae_core"]
    return subprocess.run([*python, *argv], cwd=ROOT, capture_output=True, text=True, check=False)


def one_line(errors: str) -> str:
    assert errors.startswith("ae_core: ")
    assert errors.count("\n") == 1
    return errors


def other_value(name: str) -> str | int:
    """A value of a field that is not its default."""
    rule = RULES[name]
    return rule.choices[-1] if rule.choices else int(min(rule.low + 49, rule.high))


@pytest.mark.parametrize("name", [name for name in RULES if name not in ("noise", "learning_rate", "depth", "output")])
def test_there_is_a_flag_for_every_field(name: str) -> None:
    value = other_value(name)
    assert spec_of(parser().parse_args(["train", flag(name), str(value)])) == Spec().replace(**{name: value})


def test_fractions_and_fields_that_go_together_only_have_flags_too() -> None:
    argv = ["train", "--noise", "0.4", "--learning-rate", "1e-3", "--depth", "0", "--output", "linear", "--loss", "mse"]
    expected = Spec(noise=0.4, learning_rate=0.001, depth=0, output="linear", loss="mse")
    assert spec_of(parser().parse_args(argv)) == expected


def test_the_help_explains_every_field_with_bounds_and_default(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["train", "--help"])
    assert ended.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for name, rule in RULES.items():
        assert flag(name) in text
        assert f"{rule.help} {rule.bounds().capitalize()}; default {DEFAULTS[name]}." in text


def test_json_is_one_object_on_the_last_line(run: Run) -> None:
    status, output, errors = run(*QUICK, "--json")
    result = json.loads(output.splitlines()[-1])
    assert (status, errors) == (0, "")
    assert Spec(**result["spec"]) == QUICK_SPEC
    assert result["test_squared_error"] == pytest.approx(784 * result["test_mse"])
    assert 0 < result["test_bce"] < 0.7
    assert result["parameters"] == QUICK_SPEC.parameters
    assert result["images_per_second"] == pytest.approx(20 * 64 / result["seconds"])
    operations = 4 * 784 * 16 + 6 * (16 * 4 + 4 * 16 + 16 * 784)
    assert result["gflops"] == pytest.approx(operations * 20 * 64 / result["seconds"] / 1e9)


def test_without_json_a_human_reads_the_same_figures(run: Run) -> None:
    result = json.loads(run(*QUICK, "--json")[1])
    status, output, errors = run(*QUICK)
    assert (status, errors) == (0, "")
    assert "code 4 · depth 1 · width 16 · bce" in output
    assert "784-16-4-16-784" in output
    assert f"BCE {result['test_bce']:.4f}" in output
    assert f"squared error {result['test_squared_error']:.2f}" in output


def test_a_linear_output_has_no_bce_and_the_json_stays_json(run: Run) -> None:
    argv = [*QUICK, "--loss", "mse", "--output", "linear"]
    result = json.loads(run(*argv, "--json")[1], parse_constant=pytest.fail)
    assert result["test_bce"] is None
    assert "BCE" not in run(*argv)[1]


@pytest.mark.parametrize(("argv", "reason"), [
    ([], "required: train | bench | layouts"),
    (["fly"], "invalid choice: 'fly'"),
    (["train", "--code-size", "0"], "argument --code-size: Code size '0' is impossible: choose from 1 to 784."),
    (["train", "--code-size", "many"], "Code size 'many' is impossible"),
    (["train", "--loss", "huber"], "Loss 'huber' is impossible: choose one of bce, mse."),
    (["train", "--noise", "nan"], "Noise 'nan' is impossible: choose from 0 to 1."),
    (["train", "--noise-kind"], "argument --noise-kind: expected one argument"),
    (["train", "--output", "linear"], "Output linear goes with Loss mse only"),
    (["train", "--epochs", "1000"], "choose at most 50 epochs"),
    (["train", "--code", "3"], "unrecognized arguments: --code 3"),
    (["train", "--code-size", "3\n4"], "impossible"),
    (["train", "two\nlines"], "unrecognized arguments: two lines"),
    (["train", "--save", "a", "--load", "b"], "not allowed with argument"),
    (["train", "--load", "no/such/file.npz"], "no/such/file.npz cannot be read: No such file or directory."),
    (["train", "--save", "no/such/file.npz"], "no/such/file.npz cannot be written: there is no folder no/such."),
    (["train", "--save", "/"], "/ cannot be written: it is a folder."),
    (["train", "--save", "/dev/null"], "/dev/null cannot be written: it is no regular file."),
    (["train", "--save", "/proc/weights.npz"], "/proc/weights.npz cannot be written: No such file or directory."),
    (["train", "--save", "x" * 256], "cannot be written: File name too long."),
    (["train", "--load", "/dev/zero"], "/dev/zero cannot be read: it is no regular file."),
    (["layouts", "--out", "/dev/null"], "/dev/null cannot be written: it is no regular file."),
    (["bench", "--rounds", "0"], "argument --rounds: '0' is impossible: choose from 1 to 100."),
    (["bench", "--rounds", "9" * 5000], "choose from 1 to 100."),
])
def test_a_mistake_is_explained_in_one_line_and_ends_with_2_before_any_work(
    run: Run, monkeypatch: pytest.MonkeyPatch, argv: list[str], reason: str
) -> None:
    monkeypatch.setattr(training, "train", fail)
    monkeypatch.setattr(layouts, "version", lambda name: "1.0")
    monkeypatch.setattr(ae_core.evaluation.umap_tsne, "compute_layouts", fail)
    status, output, errors = run(*argv)
    assert (status, output) == (2, "")
    assert reason in one_line(errors)


def fail(*given: object) -> None:
    raise AssertionError("this takes a while, and nothing comes of it")


def stream(path_or_pipe: str | int, encoding: str = "utf-8") -> TextIO:
    return open(path_or_pipe, "w", encoding=encoding)


def broken_pipe() -> TextIO:
    """A pipe whose reader is gone, as behind `| true`."""
    reader, writer = os.pipe()
    os.close(reader)
    return stream(writer)


@pytest.mark.parametrize("argv", [QUICK, ["train", "--help"]], ids=["train", "help"])
def test_who_no_longer_reads_the_result_hears_nothing_about_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, argv: list[str]
) -> None:
    with broken_pipe() as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        assert run(*argv) == (141, "", "")


@pytest.mark.parametrize("argv", [QUICK, ["train", "--help"]], ids=["train", "help"])
def test_a_result_that_finds_no_room_is_told_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, argv: list[str]
) -> None:
    with stream("/dev/full") as full:
        monkeypatch.setattr(sys, "stdout", full)
        status, _, errors = run(*argv)
    assert (status, one_line(errors)) == (1, "ae_core: The result cannot be written: No space left on device.\n")


def test_a_result_goes_into_an_encoding_with_few_characters(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with io.TextIOWrapper(io.BytesIO(), encoding="ascii") as ascii_only:
        monkeypatch.setattr(sys, "stdout", ascii_only)
        assert run(*QUICK)[0] == 0
        ascii_only.flush()
        assert b"code 4 \\xb7 depth 1" in ascii_only.buffer.getvalue()


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_stream_that_the_shell_has_closed_takes_whatever_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(sys, name, None)
    assert (run(*QUICK)[0], run("fly")[0]) == (0, 2)
    getattr(sys, name).close()


def test_a_failure_that_nobody_hears_keeps_its_exit_status(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for deaf in (broken_pipe(), stream("/dev/full")):
        monkeypatch.setattr(sys, "stderr", deaf)
        assert run("fly")[:2] == (2, "")
        deaf.close()


def test_python_itself_complains_about_no_stream_when_it_ends() -> None:
    """From a real shell: what was not written is flushed once more at the very end."""
    python = f"{sys.executable} -m ae_core"
    commands = {
        f"{python} train --help > /dev/full": "1 ae_core: The result cannot be written: No space left on device.",
        f"{python} train --help | true; (exit ${{PIPESTATUS[0]}})": "141",
        f"{python} train --help >&-": "0",
        f"{python} fly 2> /dev/full": "2",
        f"{python} fly 2>&-": "2",
    }
    started = [
        subprocess.Popen(["bash", "-c", f"{command}; echo $?"], cwd=ROOT, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    said = [process.communicate() for process in started]
    assert [f"{output.split()[-1]} {errors}".strip() for output, errors in said] == list(commands.values())


def test_a_mistake_from_a_real_shell_ends_with_2_and_no_traceback() -> None:
    done = command("train", "--depth", "5")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Depth '5' is impossible: choose from 0 to 4." in one_line(done.stderr)


def test_a_saved_network_is_measured_again_after_loading(run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "weights.npz")
    trained = json.loads(run(*QUICK, "--save", path, "--json")[1])
    loaded = json.loads(run("train", "--load", path, "--json")[1])
    same = ("test_bce", "test_mse", "test_squared_error", "parameters", "spec")
    assert {name: loaded[name] for name in same} == {name: trained[name] for name in same}
    assert loaded["seconds"] is loaded["images_per_second"] is loaded["gflops"] is None
    assert "trained in" not in run("train", "--load", path)[1]


def test_loading_agrees_with_settings_of_the_file_and_refuses_others(run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "weights.npz")
    run(*QUICK, "--save", path)
    assert run("train", "--load", path, "--code-size", "4")[0] == 0
    status, output, errors = run("train", "--load", path, "--code-size", "5")
    assert (status, output) == (2, "")
    assert f"{path} is of another experiment: Code size is 4 there, not 5." in one_line(errors)


def test_a_damaged_file_of_weights_ends_with_2(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    run(*QUICK, "--save", str(path))
    path.write_bytes(path.read_bytes()[:5000])
    status, output, errors = run("train", "--load", str(path))
    assert (status, output) == (2, "")
    assert "is damaged" in one_line(errors)


def test_a_diverged_run_ends_with_1_and_saves_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    wild = ["--optimizer", "sgd", "--learning-rate", "10", "--loss", "mse", "--output", "linear"]
    status, output, errors = run(*QUICK, *wild, "--save", str(path))
    assert (status, output) == (1, "")
    assert "Training diverged" in one_line(errors)
    assert not path.exists()


@pytest.mark.parametrize(("error", "status"), [
    (KeyboardInterrupt(), 130), (DataError("The data file is damaged."), 1), (Diverged(7), 1),
], ids=["Ctrl-C", "data", "diverged"])
def test_whatever_ends_it_early_is_told_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int
) -> None:
    def broken(spec: Spec, data: Dataset) -> None:
        raise error

    monkeypatch.setattr(training, "train", broken)
    ended, output, errors = run(*QUICK, "--json")
    assert (ended, output) == (status, "")
    one_line(errors)


def test_training_computes_on_one_thread_and_gives_the_others_back(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def watched(*arguments: Any) -> Any:
        seen.append(torch.get_num_threads())
        return train(*arguments)

    monkeypatch.setattr(training, "train", watched)
    with threads(2):
        run(*QUICK)
        assert torch.get_num_threads() == 2
    assert seen == [1]


def test_bench_gives_medians_within_their_spread(run: Run) -> None:
    status, output, errors = run("bench", "--rounds", "2", "--json")
    result = json.loads(output.splitlines()[-1], parse_constant=pytest.fail)
    assert (status, errors) == (0, "")
    assert (result["rounds"], result["threads"]) == (2, 1)
    for name in ("speedup_epoch", "share_of_limit", "limit_gflops", "plain_test_bce"):
        low, high = result["spread"][name]
        assert 0 < low <= result[name] <= high
    assert result["number_type"] in ("float32", "bfloat16")


def test_bench_in_words_says_what_is_faster(run: Run) -> None:
    status, output, _ = run("bench", "--rounds", "1")
    assert status == 0
    assert "times as fast as a plain PyTorch loop" in output
    assert "share of the machine's limit" in output


def test_the_loss_is_reached_at_the_first_moment_at_or_below_it(blobs: Dataset) -> None:
    moments = bench.our_run(QUICK_SPEC, blobs)
    losses = [snapshots.test_losses(QUICK_SPEC, Autoencoder.from_weights(QUICK_SPEC, w), blobs) for _, w in moments]
    assert bench.first_at(losses[2]["bce"], QUICK_SPEC, blobs, moments) == (moments[2][0], losses[2]["bce"])
    seconds, loss = bench.first_at(0.0, QUICK_SPEC, blobs, moments)
    assert seconds is None
    assert loss == losses[-1]["bce"]
    assert [moment for moment, _ in moments] == sorted(moment for moment, _ in moments)


def test_a_figure_that_was_never_reached_is_left_out_of_the_median() -> None:
    assert bench.median([None, 3.0, 1.0, 2.0]) == 2.0
    assert bench.spread([None, 3.0, 1.0]) == [1.0, 3.0]
    assert bench.median([None]) is None
    assert bench.spread([None]) is None


def test_the_plain_network_has_the_shape_of_ours() -> None:
    spec = Spec(depth=2)
    plain = plain_network(spec)
    assert sum(parameter.numel() for parameter in plain.parameters()) == spec.parameters
    kinds = "".join(type(layer).__name__[0] for layer in plain)
    assert kinds == "LRLRLLRLRL"  # no nonlinearity after the code and the output


def test_the_plain_loop_sees_the_same_pixels(blobs: Dataset) -> None:
    pictures = Pictures(blobs.train)
    assert len(pictures) == 64
    assert pictures[3].shape == (1, 28, 28)
    assert np.allclose(pictures[3].flatten().numpy(), blobs.train[3] / 255)


def test_operations_are_six_for_each_weight_and_image_and_four_in_the_first_layer() -> None:
    assert training.flops(Spec(depth=0, code_size=10), 3) == (4 + 6) * 3 * 784 * 10


def test_figures_of_nothing_trained_have_no_speed() -> None:
    result = training.figures(Spec(), {"bce": math.nan, "mse": 0.01}, None)
    assert result["test_bce"] is result["seconds"] is result["gflops"] is None


def test_an_experiment_is_checked_before_the_engine_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    def loaded(arguments: argparse.Namespace) -> int:
        raise AssertionError("the engine was loaded")

    monkeypatch.setattr("ae_core.cli.run", loaded)
    assert main(["train", "--output", "linear"]) == 2


def test_layouts_are_stored_where_asked_for(monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path) -> None:
    stored = {name: np.zeros((ae_core.evaluation.umap_tsne.DIGITS, 2), np.int16) for name in NAMES}
    monkeypatch.setattr(layouts, "version", lambda name: "1.0")
    monkeypatch.setattr(ae_core.evaluation.umap_tsne, "compute_layouts", lambda pixels: stored)
    status, output, _ = run("layouts", "--out", str(tmp_path / "maps.npz"))
    assert status == 0
    assert "made with umap-learn 1.0" in output
    assert set(read_layouts(tmp_path / "maps.npz")) == set(NAMES)


def test_without_umap_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(layouts, "version", missing)
    status, _, errors = run("layouts")
    assert status == 2
    assert errors == "ae_core: umap-learn is not installed: pip install .[layouts]\n"
