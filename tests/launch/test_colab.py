"""Colab, simulated: one notebook alone, on a fresh machine with the oldest versions allowed.

The notebook's first cell finds that the package is missing, fetches it from the repository (here
a local one), leaves torch alone, and the notebook runs. What Colab itself does beyond that (its
browser side) cannot be shown here.
"""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from packaging.requirements import Requirement
from packaging.version import Version

import notebooks
from console import Stop
from environment import python_of
from pip_install import pip_install, what_pip_would_take

ROOT = Path(__file__).parents[2]
OLDEST_OF = ("torch", "numpy", "plotly", "ipywidgets", "xarray")
RUNTIME = ["ipykernel==6.17.1", "ipython-genutils"]  # Colab's kernel is that old
PACKAGE = ("src", "pyproject.toml", "requirements.txt", "README.md", "LICENSE")


def oldest() -> dict[str, Version]:
    """The declared minimum versions."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    needs = [Requirement(line) for line in lines if not line.startswith("#")]
    bounds = {need.name: Version(next(iter(need.specifier)).version) for need in needs}
    return {name: bounds[name] for name in OLDEST_OF}


def run(*command, **options) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def machine(tmp_path):
    """The Python of a fresh environment with the oldest versions."""
    folder = tmp_path / "colab"
    run(sys.executable, "-m", "venv", folder)
    python = python_of(folder)
    pins = {name: f"{name}=={version}" for name, version in oldest().items()}
    widgets = pins.pop("ipywidgets")  # what else they ask for is a notebook server
    try:
        if not link_torch(python) and not has_cpu_build(python, pins["torch"]):
            pytest.skip("no CPU build of that torch is to be had, and CUDA takes gigabytes")
        pip_install(python, "--quiet", "--no-compile", *pins.values(), *RUNTIME)
        pip_install(python, "--quiet", "--no-compile", "--no-deps", widgets)
    except Stop as reason:
        if "network" not in str(reason):
            raise
        pytest.skip("no package source can be reached")
    return python


def has_cpu_build(python: Path, torch: str) -> bool:
    """Whether pip would not bring CUDA along (on other systems than Linux it never does)."""
    return sys.platform != "linux" or "+cpu" in (what_pip_would_take(python, torch) or "")


def link_torch(python: Path) -> bool:
    """Give the fresh environment the torch of this one, if it is of the version that is wanted.

    Its files are the same as pip would unpack again, 750 MB of them (and several GB of CUDA where
    there is no CPU build to be had); pip sees them, and adds what torch needs.
    """
    torch = distribution("torch")
    if Version(torch.version).public != oldest()["torch"].public:
        return False
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    target = Path(run(python, "-c", code).strip())
    for name in {file.parts[0] for file in torch.files} - {".."}:
        (target / name).symlink_to(torch.locate_file(name))
    return True


@pytest.fixture
def repository(tmp_path) -> str:
    """The address of a local git repository with the package as it stands."""
    folder = tmp_path / "repository"
    folder.mkdir()
    for name in PACKAGE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, folder / name)
    git = ("git", "-C", folder, "-c", "user.name=test", "-c", "user.email=test@localhost")
    run(*git, "init", "--quiet")
    run(*git, "add", ".")
    run(*git, "commit", "--quiet", "--message", "The package")
    return folder.as_uri()


@pytest.fixture
def kernel(machine, tmp_path, monkeypatch) -> str:
    """The name of a Jupyter kernel that runs the fresh environment."""
    folder = tmp_path / "jupyter" / "kernels" / "colab"
    folder.mkdir(parents=True)
    command = [str(machine), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "Colab"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    return folder.name


@pytest.mark.skipif(shutil.which("git") is None, reason="the package is fetched with git")
def test_lone_notebook_fetches_the_package_and_runs(
    kernel, machine, repository, tmp_path, monkeypatch
):
    alone = tmp_path / "content"
    alone.mkdir()
    path = alone / "page.ipynb"
    shutil.copyfile(a_notebook(), path)
    for name in [name for name in os.environ if name.startswith(("DLBOOK_", "PYTHONPATH"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab_simulated")
    monkeypatch.setenv("PIP_NO_COMPILE", "1")  # for a single run it is only work
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("DLBOOK_REPOSITORY", repository)
    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(alone)}}
    NotebookClient(notebook, kernel_name=kernel, timeout=300, resources=place).execute()
    installed = json.loads(run(machine, "-m", "pip", "list", "--format", "json"))
    versions = {entry["name"]: Version(entry["version"]) for entry in installed}
    assert "dlbook" in versions
    for name, version in oldest().items():
        assert Version(versions[name].public) == version, name
    assert list(alone.iterdir()) == [path]


def a_notebook() -> Path:
    """The introduction, or else the first page that there is."""
    paths = notebooks.all_notebooks()
    return next((path for path in paths if path.stem == "intro"), paths[0])
