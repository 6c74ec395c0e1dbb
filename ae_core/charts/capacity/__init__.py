"""Charts of sweeps: numbers in, a Plotly figure out; each title says what was found."""

from ae_core.charts.capacity.axes import Dot
from ae_core.charts.capacity.code_sizes import code_chart, code_finding
from ae_core.charts.capacity.depth_and_width import shape_chart, shape_finding
from ae_core.charts.capacity.identity import identity_chart, identity_finding, probe_chart, probe_finding
from ae_core.charts.capacity.linear import angles_chart, angles_finding, meeting_chart, meeting_finding
from ae_core.charts.capacity.overfitting import amount_chart, amount_finding, learning_chart, learning_finding
from ae_core.charts.capacity.regularisers import effects_of, regulariser_chart, regulariser_finding

__all__ = [
    "Dot", "amount_chart", "amount_finding", "angles_chart", "angles_finding", "code_chart", "code_finding",
    "effects_of", "identity_chart", "identity_finding", "learning_chart", "learning_finding", "meeting_chart",
    "meeting_finding", "probe_chart", "probe_finding", "regulariser_chart", "regulariser_finding", "shape_chart",
    "shape_finding",
]
