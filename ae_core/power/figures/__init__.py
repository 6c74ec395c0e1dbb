"""Charts of sweeps: numbers in, a Plotly figure out; each title says what was found."""

from ae_core.power.figures.axes import Dot
from ae_core.power.figures.by_heart import amount_chart, amount_finding, learning_chart, learning_finding
from ae_core.power.figures.codes import code_chart, code_finding
from ae_core.power.figures.copying import identity_chart, identity_finding, probe_chart, probe_finding
from ae_core.power.figures.linear import angles_chart, angles_finding, meeting_chart, meeting_finding
from ae_core.power.figures.remedies import remedy_chart, remedy_finding
from ae_core.power.figures.shapes import shape_chart, shape_finding

__all__ = [
    "Dot", "amount_chart", "amount_finding", "angles_chart", "angles_finding", "code_chart", "code_finding",
    "identity_chart", "identity_finding", "learning_chart", "learning_finding", "meeting_chart", "meeting_finding",
    "probe_chart", "probe_finding", "remedy_chart", "remedy_finding", "shape_chart", "shape_finding",
]
