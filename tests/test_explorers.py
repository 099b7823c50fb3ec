"""Every explorer of every notebook, at every position of its grid."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

BOOK = Path(__file__).parents[1] / "book"
NOTEBOOKS = sorted(path for path in BOOK.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)


def visit_notebook(path: Path) -> None:
    """Run a notebook while its explorers visit all their positions; raises what a cell raises."""
    notebook = nbformat.read(path, as_version=4)
    environment = os.environ | {"DLBOOK_VISIT": "all", "OMP_NUM_THREADS": "1"}
    environment.pop("DLBOOK_PAGE", None)
    client = NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env=environment)


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: str(p.relative_to(BOOK)))
def test_every_position_of_every_explorer(path):
    visit_notebook(path)
