"""Shared by all tests: helper modules can be imported, torch keeps to one thread, long tests first.

The unit stage runs with `--dist loadgroup`: a file whose fixture is dear is one group (its mark
`xdist_group`), and what takes long starts early, so that no worker is left alone with it.
"""

import sys
from pathlib import Path

import torch

torch.set_num_threads(1)  # the tests run side by side on all cores
HELPERS = ("explore", "page", "ci", "compile", "optimizers")
sys.path[:0] = [str(Path(__file__).parent / folder) for folder in HELPERS]
LONG = ("test_colab.py", "test_fuzz.py", "test_buttons.py", "test_explorers.py")


def pytest_collection_modifyitems(items):
    """The long tests first, otherwise in the order of the files."""
    items.sort(key=lambda item: item.path.name not in LONG)
