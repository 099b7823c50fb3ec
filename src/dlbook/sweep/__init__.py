"""A whole grid of ordinary modules trained at once: `sweep`."""

from dlbook.sweep.api import sweep
from dlbook.sweep.early_stopping import EarlyStopping

__all__ = ["EarlyStopping", "sweep"]
