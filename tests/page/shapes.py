"""Figures of many kinds, each moved by one setting `k`: what direct drawing has to get right."""

import numpy as np
from plotly.subplots import make_subplots

from dlbook.explore import Explorer, Slider
from dlbook.plots import Figure, with_status
from dlbook.plots.theme import BLUE, ORANGE, new_figure, template

X = np.linspace(0, 6, 25)


def base(**axes) -> Figure:
    figure = new_figure(x_title="x", y_title="y", x_range=(0, 6), y_range=(-3, 3))
    return figure.update_layout(**axes)


def line(k, **style):
    return base().add_scatter(x=X, y=np.sin(X + k), mode="lines+markers", **style)


def stepped(k):
    return line(k, line={"shape": "hv"})


def spline(k):
    return base().add_scatter(x=X[::4], y=np.sin(X[::4] + k), line={"shape": "spline"})


def implicit_x(k):
    return base(xaxis_range=[0, 24]).add_scatter(y=np.sin(X + k), mode="lines+markers")


def gaps(k):
    y = np.sin(X + k)
    y[8 + k : 12] = np.nan
    return base().add_scatter(x=X, y=y, mode="lines+markers")


def crossing_pieces(k):
    """One translucent line whose pieces lie on each other, in a number that changes."""
    pieces = [np.array([0, 5, np.nan])] * (3 if k % 2 else 2)
    x = np.concatenate([*pieces, np.array([0.0, 5.0, 2.0])])
    y = np.concatenate([piece / 5 * (k - 1) for piece in pieces] + [np.array([0.0, 1.0, -1.0])])
    return base().add_scatter(x=x, y=y, opacity=0.5, line_width=12)


def bridged_gaps(k):
    return gaps(k).update_traces(connectgaps=True)


def error_bars(k):
    return line(k, error_y={"type": "constant", "value": 0.5})


def areas(k):
    figure = base().add_scatter(x=X, y=np.sin(X + k) - 1, mode="lines")
    figure.add_scatter(x=X, y=np.sin(X + k) + 1, mode="lines", fill="tonexty")
    return figure.add_scatter(x=X, y=0.5 * np.cos(X + k), fill="tozeroy", mode="lines")


def area_on_area(k):
    figure = base().add_scatter(x=X, y=1 + np.sin(X + k), mode="lines", fill="tozeroy")
    return figure.add_scatter(x=X, y=1.5 + np.cos(X), mode="lines", fill="tonexty")


def stepped_areas(k):
    return areas(k).update_traces(line_shape="hv")


def area_with_gap(k):
    return gaps(k).update_traces(fill="tozeroy")


def area_on_log_axis(k):
    figure = base(yaxis={"type": "log", "range": [-3, 1]})
    return figure.add_scatter(x=X, y=np.exp(-X * (k + 1) / 3), fill="tozeroy")


def stacked_areas(k):
    figure = base().add_scatter(x=X, y=1 + 0.5 * np.sin(X + k), stackgroup="a")
    return figure.add_scatter(x=X, y=1 + 0.5 * np.cos(X + k), stackgroup="a")


def polygon(k):
    turn = np.linspace(0, 2 * np.pi, 6) + k / 3
    return base().add_scatter(x=3 + np.cos(turn), y=np.sin(turn), fill="toself")


def log_axes(k):
    figure = base(xaxis={"type": "log", "range": [-2, 2]}, yaxis={"type": "log", "range": [-3, 3]})
    x = np.logspace(-2, 2, 20)
    return figure.add_scatter(x=x, y=x ** (k - 1.5), mode="lines+markers")


def reversed_axes(k):
    return line(k).update_layout(xaxis_range=[6, 0], yaxis_range=[3, -3])


def colored_markers(k):
    colors = [BLUE if value > 0 else ORANGE for value in np.sin(X + k)]
    return base().add_scatter(x=X, y=np.sin(X), mode="markers", marker={"color": colors, "size": 9})


def faint_markers(k):
    colors = [f"rgba(18,147,109,{(i + 2 * k) % 5 / 4})" for i in range(len(X))]
    return base().add_scatter(
        x=X, y=np.sin(X), mode="markers", marker={"color": colors, "size": 14}
    )


def open_markers(k):
    return colored_markers(k).update_traces(marker_symbol="circle-open")


def shaded_markers(k):
    marker = {"color": np.sin(X + k), "cmin": -1, "cmax": 1, "colorscale": "Viridis", "size": 9}
    return base().add_scatter(x=X, y=np.sin(X), mode="markers", marker=marker)


def growing_markers(k):
    marker = {"size": 8 + 6 * np.sin(X + k)}
    return base().add_scatter(x=X, y=np.sin(X), mode="markers", marker=marker)


def growing_diamonds(k):
    return growing_markers(k).update_traces(marker_symbol="diamond")


def more_markers(k):
    count = (3, 6, 0, 2)[k]
    return base().add_scatter(x=np.arange(count) + 0.5, y=np.full(count, k / 2), mode="markers")


def more_colored_markers(k):
    figure, count = more_markers(k), (3, 6, 0, 2)[k]
    colors = [BLUE, ORANGE, "rgba(0,120,0,0.3)"] * 2
    return figure.update_traces(marker={"color": colors[:count], "size": [9.0 + k] * count})


def more_open_markers(k):
    return more_markers(k).update_traces(marker_symbol="diamond-open")


def recolored(k):
    color = (BLUE, ORANGE, "rgba(0,120,0,0.3)", "#888888")[k]
    figure = base().add_scatter(x=X, y=np.sin(X + k), mode="lines", line_color=color)
    return figure.add_scatter(
        x=[1, 3, 2 + k], y=[-2, -2, 0], fill="toself", fillcolor=color, mode="lines"
    )


def always_empty(k):
    figure = line(k)
    color = (BLUE, ORANGE, BLUE, ORANGE)[k]
    return figure.add_scatter(x=[], y=[], fill="toself", line_color=color, fillcolor=color)


def growing_squares(k):
    return growing_markers(k).update_traces(marker_symbol="square")


def words(k):
    return base().add_scatter(
        x=[1 + k, 5], y=[k / 2, -1], text=[f"k={k}", "a<b"], mode="text+markers"
    )


def blank_words(k):
    texts = [["a", "", "c"], ["", "b", "c"], ["a", "b", ""], ["", "", "d"]][k]
    return base().add_scatter(x=[1 + k, 3, 5], y=[k / 2, -1, 1], text=texts, mode="text")


def bold_words(k):
    return base().add_scatter(x=[1 + k, 5], y=[k / 2, -1], text=["<b>u</b>", "v"], mode="text")


def word_templates(k):
    return base().add_scatter(x=[1 + k], y=[k / 2], texttemplate="%{x:.1f}", mode="text+markers")


def empty_first(k):
    return base().add_scatter(x=X[: 5 * k], y=np.sin(X[: 5 * k]), mode="lines+markers")


def bars(k):
    return base(xaxis_range=None).add_bar(x=["a", "b", "c"], y=[1, k - 1.5, 2 * np.cos(k)])


def lying_bars(k):
    return base(yaxis_range=None).add_bar(y=["a", "b"], x=[1 + k, 3], orientation="h")


def bars_with_words(k):
    return bars(k).update_traces(texttemplate="%{y:.2f}")


def bars_with_errors(k):
    return bars(k).update_traces(error_y={"type": "constant", "value": 0.3})


def stacked_bars(k):
    figure = base(barmode="stack", xaxis_range=None).add_bar(x=["a", "b"], y=[1, 0.3 + k / 4])
    return figure.add_bar(x=["a", "b"], y=[0.5 + k / 4, 1])


def bars_on_log_axis(k):
    figure = base(xaxis_range=None, yaxis={"type": "log", "range": [-2, 2]})
    return figure.add_bar(x=["a", "b"], y=[10.0 ** (k - 1), 2])


def cells(k, x=None, y=None, **style):
    x, y = (
        np.linspace(0.3, 5.7, 10) if x is None else x,
        np.linspace(-2.7, 2.7, 8) if y is None else y,
    )
    z = np.add.outer(np.sin(np.arange(len(y)) + k), np.arange(len(x)) / 9)
    return base().add_heatmap(x=x, y=y, z=z, **{"zmin": -1, "zmax": 2, "showscale": False, **style})


def descending_cells(k):
    return cells(k, x=np.linspace(5.7, 0.3, 10), y=np.linspace(2.7, -2.7, 8))


def uneven_cells(k):
    return cells(k, x=np.array([0.1, 0.5, 1, 2, 3, 5.5]))


def cells_on_another_scale(k):
    return cells(k, zmin=-1.0 - k, zmax=2.0 + k)


def cells_from_the_top(k):
    return cells(k).update_layout(yaxis_range=[3, -3])


def cells_without_range(k):
    return cells((k + 1) * 0.7, zmin=None, zmax=None)


def cells_with_words(k):
    return cells(k, texttemplate="%{z:.1f}")


def cells_with_gaps(k):
    return cells(k, xgap=3, ygap=3)


def cells_with_outlier(k):
    figure = cells(k)
    z = np.array(figure.data[0].z)
    z[0, 0] = 1e6
    figure.data[0].z = z
    return figure


def more_cells(k):
    return cells(k, y=np.linspace(-2.7, 2.7, 4 + k))


def common_color_axis(k):
    figure = cells(k, zmin=None, zmax=None, showscale=None, coloraxis="coloraxis")
    return figure.update_layout(coloraxis={"cmin": -1, "cmax": 2, "showscale": False})


def panels(k):
    figure = make_subplots(rows=2, cols=1)
    figure.update_layout(template=template(), height=420)
    figure.add_scatter(x=X, y=np.sin(X + k), row=1, col=1)
    figure.add_bar(x=["a", "b"], y=[k, 2], row=2, col=1)
    figure.update_xaxes(range=[0, 6], row=1)
    return figure.update_yaxes(range=[-3, 3])


SHAPES = (
    line, stepped, spline, implicit_x, gaps, crossing_pieces, bridged_gaps, error_bars, areas,
    area_on_area, stepped_areas, area_with_gap, area_on_log_axis, stacked_areas, polygon, log_axes,
    reversed_axes, colored_markers, faint_markers, open_markers, shaded_markers, growing_markers,
    growing_diamonds, growing_squares, more_markers, more_colored_markers, more_open_markers,
    recolored, always_empty, blank_words, bold_words, words, word_templates, empty_first, bars,
    lying_bars, bars_with_words, bars_with_errors, stacked_bars, bars_on_log_axis, cells,
    descending_cells, uneven_cells, cells_on_another_scale, cells_from_the_top,
    cells_without_range, cells_with_words, cells_with_gaps, cells_with_outlier, more_cells,
    common_color_axis, panels,
)  # fmt: skip
FAST = (
    more_markers, more_colored_markers, more_open_markers, recolored, always_empty,
    bold_words, cells_on_another_scale, line, stepped, implicit_x, areas, area_on_area, polygon,
    log_axes, reversed_axes, colored_markers, growing_markers, growing_diamonds, bars, lying_bars,
    cells, descending_cells, cells_from_the_top, cells_with_outlier, panels,
)  # fmt: skip


def explorer_of(shape) -> Explorer:
    """An explorer that moves one of the shapes; k is 0, 1, 2 or 3 and starts at 0."""

    def figure(k: int) -> Figure:
        return with_status(shape(k), f"k is {k}")

    return Explorer(
        figure, name=shape.__name__, caption="c", alt="a", gaps=True, k=Slider(0, 3, value=0)
    )
