"""Figures of the explorers: plain settings in, a plotly figure out; one topic a file."""
