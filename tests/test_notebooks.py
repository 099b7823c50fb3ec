"""Every notebook is in its committed form and within the budget of a page."""

import pytest

import notebooks
from notebook_budget import over_budget

PATHS = notebooks.all_notebooks()


def test_the_book_has_notebooks():
    assert PATHS


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_notebook_is_in_its_committed_form(path):
    assert notebooks.problems(path) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_notebook_is_within_budget(path):
    assert over_budget(path) == []
