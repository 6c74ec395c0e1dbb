"""What the sections share: PCA beside a sweep, networks as dots, numbers in tables, names."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ae_core.charts.capacity import Dot
from ae_core.evaluation.capacity.overfitting import Curve
from ae_core.evaluation.capacity.study import Linear, Study, linear_study
from ae_core.formatting import counted
from ae_core.spec import Spec
from ae_core.ui.background.measurement_queue import in_process
from ae_core.ui.background.run_measurements import pca
from ae_core.ui.background.sweep_results import curve_of, sweep_results
from ae_core.ui.too_powerful.sweep import Point


def pca_of_codes(data: str, images: int, sizes: tuple[int, ...]) -> dict[int, Linear]:
    """PCA with each of some numbers of components."""
    return {size: linear_study(pca(images, data), data, size) for size in sizes}


def pca_beside(specs: Sequence[Spec]) -> dict[int, Linear] | None:
    """PCA of the images of some Specs with as many numbers as their narrowest layers have, where there are as many
    images; None while it is measured."""
    first, sizes = specs[0], sorted({spec.narrowest for spec in specs if spec.narrowest <= spec.images})
    return in_process(pca_of_codes, first.data, first.images, tuple(sizes))


def curve_beside(spec: Spec) -> Curve | None:
    """The learning curve of a network of a sweep: None while it is measured, empty before the network is trained."""
    return in_process(curve_of, spec) if sweep_results().get(spec) else Curve((), (), ())


def dots_of(points: Sequence[Point], at: str, pca: Mapping[int, Linear] = MappingProxyType({})) -> list[Dot]:
    """The networks that are known at all, placed by a field or property of their Spec, PCA of their bottleneck beside
    them."""
    dots = []
    for point in points:
        if point.test is not None:
            study, theirs = point.result and point.result.study, pca.get(point.spec.narrowest)
            dots.append(Dot(
                getattr(point.spec, at), point.test, study.train if study else None, point.spec.parameters,
                f"width {point.spec.width}" if point.spec.depth else "no hidden layer", study.doubt if study else 0.0,
                (theirs.test, theirs.doubt) if theirs else None,
            ))
    return dots


FORMATS = {
    "Training MSE": "{:.5f}", "Test MSE": "{:.5f}", "Gap": "× {:,.2f}", "Identity score": "{:.2f}", "PCA": "{:.5f}",
    "Probe": "{:.1f}%", "Parameters": "{:,}",
}


def probe_column(study: Study) -> dict[str, float]:
    """The column of the probe in a row of a table: none where the images have no classes."""
    return {} if study.probe is None else {"Probe": 100 * study.probe}


def name_of(spec: Spec) -> str:
    width = f", width {spec.width}" if spec.depth else ""
    return f"code {spec.code_size}, depth {spec.depth}{width}, {spec.loss}"


def epochs_of(spec: Spec) -> str:
    return f"{counted(spec.epochs, 'epoch')} of {spec.images:,} images each"
