"""The Spec: checked, explained, and the same after a round trip through a link."""

import string
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ae_core.spec import DEFAULTS, IMAGE_BUDGET, RULES, Spec, SpecError, checked, hindrance, nearest

TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
NUMBER_LIKE = st.text(string.digits + "+-._eE infNaN٣", max_size=12)


def value_of(name: str) -> st.SearchStrategy:
    """All values that a field may hold."""
    rule = RULES[name]
    if rule.choices:
        return st.sampled_from(rule.choices)
    if isinstance(DEFAULTS[name], float):
        return st.floats(rule.low, rule.high)
    return st.integers(int(rule.low), int(rule.high))


FIELDS = st.fixed_dictionaries({}, optional={name: value_of(name) for name in RULES})
SPECS = FIELDS.map(lambda fields: nearest(fields)[0])
HOSTILE = st.dictionaries(
    st.one_of(st.sampled_from(sorted(RULES)), TEXT), st.one_of(TEXT, NUMBER_LIKE, st.integers().map(str)), max_size=20
)


@given(SPECS)
def test_a_link_brings_back_the_same_experiment(spec: Spec) -> None:
    assert Spec.from_query(spec.to_query()) == (spec, [])


@given(SPECS)
def test_a_key_brings_back_the_same_experiment(spec: Spec) -> None:
    assert Spec.from_key(spec.key) == spec.canonical
    assert spec.canonical.key == spec.key


WITHOUT_EFFECT = [
    (Spec(depth=0, width=512), Spec(depth=0)),
    (Spec(depth=0, activation="tanh", seed=3), Spec(depth=0, seed=3)),
    (Spec(noise_kind="masking"), Spec()),
    (Spec(data="fashion", train_images=16384), Spec(data="fashion")),
]


@pytest.mark.parametrize(("spec", "same"), WITHOUT_EFFECT)
def test_what_has_no_effect_is_no_part_of_the_experiment_but_stays_in_the_link(spec: Spec, same: Spec) -> None:
    assert spec != same
    assert spec.key == same.key
    assert spec.describe() == same.describe()
    assert Spec.from_query(spec.to_query()) == (spec, [])


@given(SPECS)
def test_what_has_an_effect_stays_in_the_key(spec: Spec) -> None:
    kept = spec.canonical
    assert (kept.layer_sizes, kept.images, kept.steps) == (spec.layer_sizes, spec.images, spec.steps)
    changed = {name for name in RULES if getattr(kept, name) != getattr(spec, name)}
    assert changed <= {"width", "activation", "noise_kind", "train_images", "batch_size"}
    assert "batch_size" not in changed or spec.steps_per_epoch == kept.steps_per_epoch == 1
    assert spec.depth == 0 or not changed & {"width", "activation"}
    assert spec.noise == 0 or "noise_kind" not in changed


@given(HOSTILE)
def test_a_link_with_nonsense_gives_a_possible_experiment_and_a_notice_for_each_mistake(query: dict[str, str]) -> None:
    spec, notices = Spec.from_query(query)
    assert Spec(**{name: getattr(spec, name) for name in RULES}) == spec
    for name in RULES.keys() & query.keys():
        kept, refusal = DEFAULTS[name], None
        try:
            kept = checked(name, query[name])
        except SpecError as error:
            refusal = str(error)
        assert refusal is None or refusal in notices
        assert getattr(spec, name) == kept or name in ("output", "epochs")
    assert all(len(notice) < 300 for notice in notices)


@given(FIELDS)
def test_fields_that_do_not_go_together_are_mended_and_each_conflict_is_told(fields: dict[str, object]) -> None:
    spec, notices = nearest(fields)
    conflicts = 0
    if fields.get("output") == "linear" and fields.get("loss", "bce") == "bce":
        conflicts += 1
        assert spec.output == "sigmoid"
        assert any("Output linear" in notice for notice in notices)
    epochs, images = fields.get("epochs", 1), fields.get("train_images", 60_000)
    assert isinstance(epochs, int)
    assert isinstance(images, int)
    images = min(images, {"mnist": 60_000, "fashion": 8_000, "landscapes": 24_000}[str(fields.get("data", "mnist"))])
    if epochs * images > IMAGE_BUDGET:
        conflicts += 1
        assert spec.epochs == IMAGE_BUDGET // images
        assert any(f"{IMAGE_BUDGET:,}" in notice for notice in notices)
    assert len(notices) == conflicts


def test_both_conflicts_at_once_are_both_told() -> None:
    spec, notices = nearest({"output": "linear", "epochs": 1000})
    assert spec == Spec(epochs=50)
    assert len(notices) == 2
    assert "Output linear" in notices[0]
    assert "Epochs 1,000 x Training images 60,000 is more than 3,000,000" in notices[1]
    assert notices[0].endswith("Now it is Output sigmoid.") and notices[1].endswith("Now it is Epochs 50.")


@given(SPECS, st.sampled_from(sorted(RULES)), st.data())
def test_a_value_has_a_hindrance_where_no_spec_can_have_it(spec: Spec, name: str, data: st.DataObject) -> None:
    value = data.draw(value_of(name))
    try:
        spec.replace(**{name: value})
    except SpecError:
        assert hindrance(name, value, vars(spec))
    else:
        assert hindrance(name, value, vars(spec)) is None


@pytest.mark.parametrize("name", RULES)
def test_every_field_says_what_it_is(name: str) -> None:
    rule = RULES[name]
    assert rule.label
    assert rule.help.endswith(".")
    assert len(rule.help) > 20


@pytest.mark.parametrize("name", RULES)
def test_the_default_and_all_that_the_sidebar_offers_is_possible(name: str) -> None:
    for value in (DEFAULTS[name], *RULES[name].offered):
        assert checked(name, value) == value


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("value", ["", "nonsense", "nan", "-inf", "1e999", None, True, [], "9" * 5000])
def test_a_refusal_names_the_field_the_value_and_the_bounds(name: str, value: object) -> None:
    rule = RULES[name]
    with pytest.raises(SpecError) as refused:
        Spec().replace(**{name: value})
    message = str(refused.value)
    assert message.startswith(rule.label)
    assert repr(str(value)[:39])[:-1] in message
    assert rule.bounds() in message
    assert len(message) < 200


@pytest.mark.parametrize("name", [name for name in RULES if not RULES[name].choices])
def test_the_bounds_themselves_are_possible_and_nothing_beyond(name: str) -> None:
    rule = RULES[name]
    beyond = 0.001 if isinstance(DEFAULTS[name], float) else 1
    assert checked(name, rule.low) == rule.low
    assert checked(name, rule.high) == rule.high
    for value in (rule.low - beyond, rule.high + beyond):
        with pytest.raises(SpecError):
            checked(name, value)


def test_half_a_code_unit_is_refused() -> None:
    assert Spec(code_size=2.0).code_size == 2  # type: ignore[arg-type]
    with pytest.raises(SpecError, match=r"Code size '2\.5' is impossible: choose from 1 to 784"):
        Spec(code_size=2.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(("spec", "sizes"), [
    (Spec(), (784, 128, 32, 128, 784)),
    (Spec(depth=0), (784, 32, 784)),
    (Spec(code_size=30, depth=2, width=512), (784, 512, 256, 30, 256, 512, 784)),
    (Spec(code_size=2, depth=3, width=256), (784, 256, 128, 64, 2, 64, 128, 256, 784)),
    (Spec(code_size=784, depth=4, width=16), (784, 16, 8, 8, 8, 784, 8, 8, 8, 16, 784)),
])
def test_each_layer_is_half_as_wide_and_the_decoder_mirrors_the_encoder(spec: Spec, sizes: tuple[int, ...]) -> None:
    assert spec.layer_sizes == sizes


def test_a_hidden_layer_may_be_the_real_bottleneck() -> None:
    assert Spec(code_size=784, depth=4, width=16).narrowest == 8
    assert Spec(code_size=2).narrowest == 2


def test_steps_count_the_smaller_last_batch() -> None:
    assert Spec(train_images=513, epochs=3).steps == 6
    assert Spec(train_images=512, epochs=3).steps == 3


def test_compression_is_pixels_for_each_number_of_the_code() -> None:
    assert Spec(code_size=32).compression == 24.5
    assert Spec(code_size=32, depth=4, width=128).compression == 49, "the last hidden layer has 16"


def test_the_description_names_what_differs_from_the_default() -> None:
    assert Spec().describe() == "code 32 · depth 1 · width 128 · bce"
    described = Spec(depth=0, loss="mse", output="linear", noise=0.4, noise_kind="masking", seed=1234).describe()
    assert described == "code 32 · depth 0 · mse · masking noise 0.4 · output linear · seed 1234"


def test_the_description_counts_the_training_images_that_there_are() -> None:
    assert Spec(data="fashion", train_images=16384).describe() == f"{Spec().describe()} · trained on fashion"
    assert "training images 4,096" in Spec(data="fashion", train_images=4096).describe()


def test_an_experiment_is_checked_without_numpy_and_pytorch() -> None:
    """So the command line refuses an impossible one at once, and the app answers before it has loaded them."""
    command = [sys.executable, "-c", "import ae_core.spec, sys; print(*sys.modules)"]
    root = Path(__file__).parents[1]
    loaded = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split()
    assert "ae_core.spec" in loaded
    assert not {"numpy", "torch"} & set(loaded)
