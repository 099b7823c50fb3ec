"""Shared by all tests: their helper modules can be imported, and torch keeps to one thread."""

import sys
from pathlib import Path

import torch

torch.set_num_threads(1)  # the tests run side by side on all cores
sys.path[:0] = [str(Path(__file__).parent / folder) for folder in ("explore", "page", "ci")]
