"""Data goes one way, and so do imports: from later packages to earlier ones."""

import ast
from pathlib import Path

import pytest

import dlbook

PACKAGE = Path(dlbook.__file__).parent
# Modules of one line may import one another; a line may import from all lines above it.
ORDER = [
    {"random", "device"},
    {
        "datasets",
        "losses",
        "metrics",
        "models",
        "optimizers",
        "solvers",
        "schedules",
        "evaluation",
        "tensor_layout",
        "broadcasting",
    },
    {"training"},
    {"sweep"},
    {"compile"},
    {"plots"},
    {"figures"},
    {"explore"},
    {"page"},
]
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__main__.py")


def unit(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> list[str]:
    """Full names of what a module imports, also inside its functions."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by full name, not relatively"
            names.append(node.module)
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_one_way(path):
    own = unit(path)
    if own == "__init__":
        return
    for name in imports(path):
        if not name.startswith("dlbook."):
            continue
        other = name.split(".")[1]
        if own == "recipes":
            assert other not in ("explore", "page")
        else:
            assert RANK[other] <= RANK[own], f"{own} imports {other}, which comes later"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_some_draw_and_only_one_has_widgets(path):
    own = unit(path)
    for name in imports(path):
        root = name.split(".")[0]
        if root == "ipywidgets":
            assert own == "explore"
        if root == "plotly":
            assert own in ("plots", "explore", "page")
