"""Linear networks beside PCA: their errors, and the angles between the spaces."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from ae_core.charts.capacity.axes import DASHES, code_axis, error_axis
from ae_core.charts.colours import BASELINE, FAILURE, GRID, OUTPUT
from ae_core.charts.style import titled


def meeting_chart(
    linear: Mapping[int, float], bent: Mapping[int, float], pca: Mapping[int, float]
) -> go.Figure:
    """Test errors of linear networks, of ones with hidden layers, and of PCA, against the code size."""
    figure = go.Figure()
    figure.add_scatter(
        x=list(pca), y=list(pca.values()), name="PCA", mode="lines", line={"color": BASELINE, "width": 3},
        hovertemplate="%{x} components: MSE %{y:.5f}<extra>PCA</extra>",
    )
    for name, line, dash, symbol in (
        ("linear autoencoder", linear, "dot", "circle-open"), ("with hidden layers", bent, "solid", "circle"),
    ):
        figure.add_scatter(
            x=list(line), y=list(line.values()), name=name, mode="lines+markers",
            line={"color": OUTPUT, "width": 2, "dash": dash}, marker={"size": 11, "symbol": symbol},
            hovertemplate=f"code %{{x}}: MSE %{{y:.5f}}<extra>{name}</extra>",
        )
    code_axis(figure, list(pca))
    error_axis(figure)
    return titled(figure, meeting_finding(linear, bent, pca), 400)


def meeting_finding(linear: Mapping[int, float], bent: Mapping[int, float], pca: Mapping[int, float]) -> str:
    """How near the linear network comes to PCA, and what hidden layers buy."""
    if set(linear) != set(pca) or set(bent) != set(pca):
        return "Does a linear autoencoder meet PCA?"
    away = max(linear[size] / pca[size] - 1 for size in pca)
    size = max(pca, key=lambda size: pca[size] / bent[size])
    times = pca[size] / bent[size]
    met = f"The linear network meets PCA within {away:.1%}" if away < 0.02 else (
        f"The linear network is up to {away:.0%} away from PCA"
    )
    hidden = f"hidden layers take its error to 1/{times:.1f} at {size} numbers" if times > 1.05 else (
        "hidden layers do not help"
    )
    return f"{met}; {hidden}"


def angles_chart(angles: Mapping[int, Sequence[float]]) -> go.Figure:
    """Principal angles between the linear networks' directions and PCA's, a line for each code size."""
    figure = go.Figure()
    for number, (size, degrees) in enumerate(angles.items()):
        figure.add_scatter(
            x=list(range(1, len(degrees) + 1)), y=list(degrees), name=f"code {size}", mode="lines+markers",
            line={"color": OUTPUT, "width": 1 + 0.6 * number, "dash": DASHES[number % len(DASHES)]},
            marker={"size": 5}, hovertemplate=f"code {size}, angle %{{x}}: %{{y:.1f}}°<extra></extra>",
        )
    figure.add_hline(
        y=90, line={"color": FAILURE, "width": 1, "dash": "dot"}, annotation_text="90°: nothing in common",
        annotation_position="bottom right",
    )
    figure.update_xaxes(title="principal angle, the smallest first", gridcolor=GRID)
    figure.update_yaxes(title="degrees", range=[-2, 95], gridcolor=GRID)
    return titled(figure, angles_finding(angles), 400)


def angles_finding(angles: Mapping[int, Sequence[float]]) -> str:
    """How near the two spaces are."""
    if not angles:
        return "The same space, axes aside?"
    medians = [sorted(degrees)[len(degrees) // 2] for degrees in angles.values()]
    worst = max(max(degrees) for degrees in angles.values())
    return f"The same space, axes aside: half of the angles are below {max(medians):.2g}°, the largest is {worst:.0f}°"
