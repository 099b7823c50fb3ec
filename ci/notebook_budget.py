"""The budget of a page (style 22): how much a notebook may hold, and what counts.

The first cell and the solutions of exercises are not counted.
"""

import ast
import re
import statistics
from pathlib import Path

import nbformat

from notebooks import is_first

MOST_CODE_CELLS = 15
MOST_LINES_IN_A_CELL = 20
MOST_LINES = 100
MEDIAN_LINES = 5
MOST_WORDS = 1500
EXPLORERS = (1, 3)
NOT_WORDS = (
    re.compile(r"^\s*(?:`{3,}|:{3,}|~{3,}).*$", re.MULTILINE),  # fences of directives
    re.compile(r"^\s*:[a-z-]+:.*$", re.MULTILINE),  # options of directives
    re.compile(r"<[^>]+>"),  # anchors and other tags
    re.compile(r"\]\([^)]*\)"),  # targets of links
)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)


def over_budget(path: Path) -> list[str]:
    """What is too much in the notebook at `path`, in words; an empty list if nothing is."""
    cells = counted_cells(nbformat.read(path, as_version=4).cells)
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    lines = [num_lines(source) for source in sources] or [0]
    explorers = num_explorers(sources)
    words = sum(num_words(cell.source) for cell in cells if cell.cell_type == "markdown")
    limits = (
        (len(sources), MOST_CODE_CELLS, "code cells"),
        (max(lines), MOST_LINES_IN_A_CELL, "lines in one cell"),
        (sum(lines), MOST_LINES, "lines of code"),
        (statistics.median(lines), MEDIAN_LINES, "lines in the median cell"),
        (words, MOST_WORDS, "words"),
        (explorers, EXPLORERS[1], "explorers"),
    )
    found = [f"{given:g} {what}; at most {most}" for given, most, what in limits if given > most]
    if explorers < EXPLORERS[0]:
        found.append("no explorer; at least 1")
    return found


def counted_cells(cells: list) -> list:
    """The cells without the first one and without the solutions of exercises."""
    counted, in_solution = [], False
    for cell in cells:
        in_solution = in_solution or "{solution-start}" in cell.source
        if not in_solution and not is_first(cell):
            counted.append(cell)
        if "{solution-end}" in cell.source:
            in_solution = False
    return counted


def num_lines(source: str) -> int:
    """Lines of a cell that are not blank."""
    return sum(bool(line.strip()) for line in source.splitlines())


def num_explorers(sources: list[str]) -> int:
    """How many explorers the cells make: by `Explorer`, or by a function of `dlbook.explore`."""
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    makers = {"Explorer", "TrainingExplorer"}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dlbook.explore."):
            makers |= {alias.asname or alias.name for alias in node.names}
    calls = (node for node in nodes if isinstance(node, ast.Call))
    return sum(getattr(call.func, "id", None) in makers for call in calls)


def num_words(source: str) -> int:
    """Words of the prose; a formula is one."""
    for pattern in NOT_WORDS:
        source = pattern.sub(" ", source)
    return len(re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", FORMULA.sub(" formula ", source)))
