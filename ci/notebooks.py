"""The form of committed notebooks: `python ci/notebooks.py [--check | --fix | --run] [PATH ...]`.

`--check` (the default) names every notebook that is not in this form; `--fix` writes it; `--run`
runs the notebook first, so that the outputs which nbval compares are there. The form: no outputs
but the text of cells tagged `nbval-check-output`, the metadata below and no other, stable cell
ids, the code of explorers folded away, and the first cell, the same everywhere, which fetches the
package on Colab. The address in it comes from `_config.yml`.
"""

import argparse
import hashlib
import os
import re
import sys
from pathlib import Path

import nbformat
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPARED = "nbval-check-output"
FIRST_TAGS = ["bootstrap", "remove-cell"]
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
EXPLORER = re.compile(r"^Explorer\(", re.MULTILINE)  # its source tells the answer to its question
FIRST_CELL = """\
# On Colab only: fetch the book's package if it is missing, and keep Colab's own torch.
import importlib.metadata
import importlib.util
import os
import subprocess
import sys

if "COLAB_RELEASE_TAG" in os.environ or "google.colab" in sys.modules:
    if importlib.util.find_spec("dlbook") is None:
        book = "{address}"
        book = os.environ.get("DLBOOK_REPOSITORY", book)
        pip = [sys.executable, "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--no-deps", f"git+{{book}}"], check=True)
        needs = [n for n in importlib.metadata.requires("dlbook") if "extra ==" not in n]
        subprocess.run([*pip, *(n for n in needs if not n.startswith("torch"))], check=True)
        importlib.invalidate_caches()
    if "google.colab" in sys.modules:
        from google.colab import output

        output.enable_custom_widget_manager()"""


def main() -> int:
    """Check, fix or run; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks (default: all of the book)")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", action="store_true", help="name what differs (the default)")
    action.add_argument("--fix", action="store_true", help="write the form")
    action.add_argument("--run", action="store_true", help="run, then write the form")
    arguments = parser.parse_args()
    failed = False
    for path in arguments.paths or all_notebooks():
        if arguments.fix or arguments.run:
            fix(path, run=arguments.run)
        for problem in problems(path):
            failed = True
            print(f"{path}: {problem}")
    return int(failed)


def all_notebooks(root: Path = ROOT) -> list[Path]:
    """Every notebook of the book."""
    found = (root / "book").rglob("*.ipynb")
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def fix(path: Path, *, run: bool = False):
    """Write the notebook at `path` in its committed form, running it first if asked to."""
    notebook = nbformat.read(path, as_version=4)
    if run:
        _execute(notebook, path.parent)
    canonical = canonical_text(notebook)
    if path.read_text(encoding="utf-8") != canonical:
        path.write_text(canonical, encoding="utf-8", newline="\n")


def problems(path: Path) -> list[str]:
    """What is wrong with the form of the notebook at `path`, in words."""
    text = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    found = []
    if text != canonical_text(notebook):
        found.append(f"not in its committed form: python ci/notebooks.py --fix {path}")
    for cell in notebook.cells:
        if is_compared(cell) and not kept_outputs(cell):
            found.append(f"cell {cell.id} is compared but has no text output: use --run")
    return found


def canonical_text(notebook) -> str:
    """The committed form of a notebook, as the text of its file."""
    new = nbformat.v4.new_notebook(metadata=METADATA)
    new.cells = [first_cell(), *(_canonical(cell) for cell in notebook.cells if not is_first(cell))]
    _number(new.cells)
    _name(new.cells)
    nbformat.validate(new)
    return nbformat.writes(new) + "\n"


def first_cell():
    """The cell that fetches the package on Colab."""
    source = FIRST_CELL.format(address=repository_address())
    return nbformat.v4.new_code_cell(source, id="bootstrap", metadata={"tags": FIRST_TAGS})


def repository_address(root: Path = ROOT) -> str:
    """Where the book is published, from `_config.yml`."""
    return yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]


def is_first(cell) -> bool:
    """Whether this is the cell that fetches the package."""
    return "bootstrap" in cell.metadata.get("tags", [])


def is_compared(cell) -> bool:
    """Whether nbval compares the outputs of this cell."""
    return cell.cell_type == "code" and COMPARED in cell.metadata.get("tags", [])


def kept_outputs(cell) -> list:
    """The text outputs of a compared cell; none of any other."""
    return [plain for output in cell.get("outputs", []) if (plain := _plain(output))]


def _plain(output):
    if output.output_type == "stream" and output.name == "stdout":
        return nbformat.v4.new_output("stream", name="stdout", text=output.text)
    if "text/plain" in output.get("data", {}):
        data = {"text/plain": output.data["text/plain"]}
        return nbformat.v4.new_output(output.output_type, data=data)
    return None


def _canonical(cell):
    metadata = {key: cell.metadata[key] for key in ("mystnb", "tags") if cell.metadata.get(key)}
    if cell.cell_type == "code" and EXPLORER.search(cell.source):
        metadata["tags"] = sorted({*metadata.get("tags", []), "hide-input"})
        metadata["jupyter"] = {"source_hidden": True}
    new = nbformat.from_dict({"cell_type": cell.cell_type, "metadata": metadata})
    new.id, new.source = cell.get("id", ""), cell.source.rstrip()
    if cell.cell_type == "code":
        new.execution_count = None
        new.outputs = kept_outputs(cell) if is_compared(cell) else []
    return new


def _number(cells):
    """nbval compares only numbered cells, and refuses outputs on the others."""
    number = 0
    for cell in cells:
        if cell.get("outputs"):
            number += 1
            cell.execution_count = number
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = number


def _name(cells):
    """Give every cell an id of its own: the one it has, or one made from its text."""
    taken = set()
    for cell in cells:
        name, again = cell.id, 0
        while not name or name in taken:
            digest = hashlib.sha256(f"{again}{cell.source}".encode()).hexdigest()
            name, again = digest[:8], again + 1
        cell.id = name
        taken.add(name)


def _execute(notebook, folder: Path):
    from nbclient import NotebookClient

    os.environ["DLBOOK_VISIT"] = "off"
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}}).execute()


if __name__ == "__main__":
    sys.exit(main())
