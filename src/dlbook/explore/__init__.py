"""Explorers: figures that the reader moves, live with a kernel and packed into the built page."""

from dlbook.explore.controls import Choice, Control, LogSlider, Play, Predict, Slider, Steps, Toggle
from dlbook.explore.explorer import Explorer, ExplorerError
from dlbook.explore.training_explorer import PointsPanel, TrainingExplorer, Views
from dlbook.explore.worker import Cancelled

__all__ = [
    "Cancelled",
    "Choice",
    "Control",
    "Explorer",
    "ExplorerError",
    "LogSlider",
    "Play",
    "PointsPanel",
    "Predict",
    "Slider",
    "Steps",
    "Toggle",
    "TrainingExplorer",
    "Views",
]
