"""Sentences of the page that depend on numbers; each is chosen by the numbers that it speaks of."""

from collections.abc import Mapping

import numpy as np

from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.differences import clearly_less
from ae_core.ui.denoising.measurements import Drawn, Noise, Values

SAME = 0.05  # of the variance of clean images: outputs that differ less are one image to the eye


def look_at(networks: Mapping[str, Drawn], cleaned: Drawn | None, noise: Noise) -> str:
    """What to look at in the rows of the networks that there are.

    networks : by their names on the page, what each draws where the images have this noise
    cleaned : what the denoiser draws where they have none
    """
    control, denoiser, things = networks.get("control"), networks.get("denoiser"), DATA_SETS[noise.data].nouns
    if control is None or denoiser is None:
        return " ".join(
            f"the row of {_the(name)}. Its output is {_light(each, things)}.{_alike(each, things)}"
            for name, each in networks.items()
        )
    said = (
        "the control: the same network, data and seed, trained without noise. Its output is "
        f"{_light(control, things)}, the denoiser's is {_light(denoiser, things)}.{_alike(denoiser, things)} "
        f"{_errors(control, denoiser)}"
    )
    if not noise.level:
        return f"{said} These {things} are clean: a copy would have no error."
    return said if cleaned is None else (
        f"{said} Now move *Test noise* to 0: the denoiser changes even clean {things} (MSE "
        f"{cleaned.errors.mean():.4f}). Its output is then {_light(cleaned, things)}."
    )


def _the(name: str) -> str:
    return name if name.startswith("your") else f"the {name}"


def _errors(control: Drawn, denoiser: Drawn) -> str:
    ours, theirs = float(denoiser.errors.mean()), float(control.errors.mean())
    if clearly_less(denoiser.errors, control.errors):
        return f"The denoiser's error is smaller: {ours:.4f} against {theirs:.4f}."
    if clearly_less(control.errors, denoiser.errors):
        return f"The denoiser's error is larger: {ours:.4f} against {theirs:.4f}."
    return f"Their errors show no clear difference: {ours:.4f} and {theirs:.4f}."


def _light(network: Drawn, things: str) -> str:
    none = np.zeros_like(network.light)
    share = abs(float(network.light.mean())) / max(network.clean_light, 1e-12)
    percent = f"{share:.0%}" if share >= 0.01 else "less than 1%"
    if clearly_less(none, network.light):
        return f"{percent} brighter than clean {things}"
    if clearly_less(network.light, none):
        return f"{percent} darker than clean {things}"
    return f"as bright as clean {things}"


def _alike(network: Drawn, things: str) -> str:
    return "" if network.spread >= SAME else (
        f" It is nearly the same for all {things}: the outputs have {network.spread:.1%} of their variance."
    )


def large_codes(without: tuple[Values, Values], trained: tuple[Values, Values]) -> str:
    """What noise in training does where the code has room for a copy.

    without, trained : of the network that was trained without noise and with it, the error and the share of the noise
    that comes through, (n,) each, of the same test images
    """
    (errors, passed), (trained_errors, trained_passed) = without, trained
    said = (
        f"Trained without noise, **{passed.mean():.0%}** of the noise comes through, the MSE is {errors.mean():.4f}; "
        f"trained with it, **{trained_passed.mean():.0%}**, and {trained_errors.mean():.4f}."
    )
    if not clearly_less(trained_errors, errors):
        return f"{said} Here the noise in training shows no clear gain."
    if clearly_less(trained_passed, passed):
        return f"{said} The code of the second is as large: what keeps it from copying is the task."
    return f"{said} The second has the smaller error, but lets no less of the noise through."


def localisation_finding(control: Values, denoiser: Values, noise: Noise) -> str:
    """What the spread of the filters says, and which noise to try where this one did not make them local.

    control, denoiser : the localisation of each filter, (n,); a difference counts beyond 10 % and two standard errors
    """
    before, after = float(np.mean(control)), float(np.mean(denoiser))
    numbers = f"{after:.0%} of a filter lies in its densest window, {before:.0%} without noise"
    doubt = 2 * float(np.sqrt((np.var(control) + np.var(denoiser)) / max(len(control) - 1, 1)))
    if after - before > max(doubt, 0.1 * before):
        return f"**With noise the filters are more local**: {numbers}."
    if before - after > max(doubt, 0.1 * before):
        return f"**With this noise the filters are wider**: {numbers}. Each averages over more pixels.{_others(noise)}"
    return f"**No clear difference**: {numbers}.{_others(noise)}"


def _others(noise: Noise) -> str:
    if noise.kind != "masking":
        return " Compare with masking noise: try *Half the pixels gone*."
    return " Compare with more of it: try *Half the pixels gone*." if noise.level < 0.5 else ""
