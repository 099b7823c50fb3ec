"""Plots of curves fitted to points, and of training and test error against degree."""

from collections.abc import Sequence

from plotly.graph_objects import Figure
from plotly.subplots import make_subplots

from dlbook.plots.theme import PURPLE, TEST_COLOR, TRAIN_COLOR, TRUTH_COLOR, template

ERROR_RANGE = (-3.0, 2.0)  # powers of ten of the mean squared errors drawn
CURVE_LIMIT = 6.0  # curves are cut there, far outside the axis; keeps the page's data small


def curve_over_errors(*, x_range: tuple, y_range: tuple, max_degree: int, height=560) -> Figure:
    """Two empty stacked panels: a curve over x above, errors over degree (log axis) below."""
    figure = make_subplots(rows=2, cols=1, row_heights=[0.58, 0.42], vertical_spacing=0.16)
    figure.update_layout(template=template(), height=height)
    figure.update_xaxes(title_text="x", range=list(x_range), row=1, col=1)
    figure.update_yaxes(title_text="y", range=list(y_range), row=1, col=1)
    degrees = {"title_text": "degree", "range": [-0.5, max_degree + 0.5], "dtick": 2}
    figure.update_xaxes(**degrees, row=2, col=1)
    errors = {"title_text": "mean squared error", "type": "log", "range": list(ERROR_RANGE)}
    figure.update_yaxes(**errors, dtick=1, exponentformat="power", row=2, col=1)
    return figure


def add_curves(figure: Figure, grid, truth, fit, x, y) -> Figure:
    """The true curve, the fitted one and the training points in the upper panel."""
    style = {"mode": "lines", "line": {"color": TRUTH_COLOR, "dash": "dot", "width": 2}}
    figure.add_scatter(x=grid, y=truth, name="true curve", **style, row=1, col=1)
    fitted = fit.clip(-CURVE_LIMIT, CURVE_LIMIT)
    style = {"mode": "lines", "line": {"color": PURPLE, "width": 3}}
    figure.add_scatter(x=grid, y=fitted, name="fit", **style, row=1, col=1)
    style = {"mode": "markers", "marker": {"color": TRAIN_COLOR, "size": 8}}
    figure.add_scatter(x=x, y=y, name="training points", **style, row=1, col=1)
    return figure


def add_error_curves(figure: Figure, train: Sequence, test: Sequence, degree: int) -> Figure:
    """Training and test error over degree in the lower panel, the present degree marked."""
    low, high = 10.0 ** ERROR_RANGE[0], 10.0 ** ERROR_RANGE[1]
    for name, color, values in (
        ("training error", TRAIN_COLOR, train),
        ("test error", TEST_COLOR, test),
    ):
        shown = [min(max(float(v), low / 10), high * 10) for v in values]
        line = {"color": color, "width": 2}
        figure.add_scatter(
            y=shown, x=list(range(len(shown))), name=name, mode="lines", line=line, row=2, col=1
        )
        here = {"x": [degree], "y": [min(max(shown[degree], low), high)]}
        marker = {"color": color, "size": 12}
        figure.add_scatter(**here, mode="markers", marker=marker, showlegend=False, row=2, col=1)
    return figure
