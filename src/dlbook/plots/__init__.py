"""Plots: arrays in, a plotly figure out."""

from plotly.graph_objects import Figure

from dlbook.plots.theme import with_status

__all__ = ["Figure", "with_status"]
