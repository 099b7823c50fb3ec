"""Explorers: figures that the reader moves, live with a kernel and packed into the built page."""

from dlbook.explore.controls import (
    Choice,
    Control,
    LogSlider,
    Play,
    Predict,
    Slider,
    Steps,
    Subset,
    Toggle,
)
from dlbook.explore.explorer import Explorer, ExplorerError
from dlbook.explore.training_explorer import TrainingExplorer
from dlbook.explore.views import Need, PointsPanel, TilesPanel, Views, WeightsPanel
from dlbook.explore.worker import Cancelled

__all__ = [
    "Cancelled",
    "Choice",
    "Control",
    "Explorer",
    "ExplorerError",
    "LogSlider",
    "Need",
    "Play",
    "PointsPanel",
    "Predict",
    "Slider",
    "Steps",
    "Subset",
    "TilesPanel",
    "Toggle",
    "TrainingExplorer",
    "Views",
    "WeightsPanel",
]
