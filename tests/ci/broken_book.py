"""Makes small notebooks and one small built book that the tests of the checks then break."""

import subprocess
import sys
from pathlib import Path

import nbformat

CELL = """
from dlbook.explore import Explorer, Slider
from dlbook.plots import with_status
from dlbook.plots.theme import new_figure

def level_line(level):
    {trouble}
    figure = new_figure(x_title="x", y_title="y", x_range=(0, 1), y_range=(0, 5))
    figure.add_scatter(x=[0, 1], y=[{height}, {height}], mode="lines")
    return with_status(figure, f"level {{level}}")

Explorer(level_line, level=Slider(0, 4, value=1), caption="A line.", alt="A level line.")
"""


def explorer_cell(trouble: str = "", height: str = "level") -> str:
    """The source of a cell with a small explorer; `trouble` stands inside its function."""
    return CELL.format(trouble=trouble or "pass", height=height)


def write_notebook(path: Path, *sources: str) -> Path:
    """A notebook of a title and code cells."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# A page"),
               *(nbformat.v4.new_code_cell(source) for source in sources)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def build_book(folder: Path) -> Path:
    """A book of one page with one explorer; the folder of its HTML."""
    write_notebook(folder / "index.ipynb", explorer_cell())
    (folder / "conf.py").write_text(
        "project = 'small'\n"
        "extensions = ['myst_nb', 'dlbook.page']\n"
        "html_theme = 'sphinx_book_theme'\n"
        "nb_execution_mode = 'force'\nnb_execution_raise_on_error = True\n"
        "nb_ipywidgets_js = {}\n"
    )
    html = folder / "_build" / "html"
    # A process of its own: a build leaves settings of Sphinx, and of the environment, behind.
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", str(folder), str(html)]
    subprocess.run(command, check=True)
    return html
