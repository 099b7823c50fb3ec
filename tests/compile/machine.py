"""Where compiled programs are run for the tests: Node where it is installed, headless Chromium."""

import base64
import json
import shutil
import subprocess
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch

from dlbook.compile import Program

STATIC = files("dlbook.page") / "static"
SCRIPTS = ("functions.js", "kernels.js", "random.js")
ARRAYS = {"float": np.float32, "double": np.float64, "integer": np.int32, "boolean": np.uint8,
          "byte": np.uint8}  # fmt: skip
READ = {"Float32Array": np.float32, "Float64Array": np.float64, "Int32Array": np.int32,
        "Uint8Array": np.uint8}  # fmt: skip
# As what a page gives back torch's numbers.
PAGE_DTYPE = {
    torch.float32: torch.float32, torch.float64: torch.float64, torch.int64: torch.int32,
    torch.int32: torch.int32, torch.bool: torch.uint8, torch.uint8: torch.uint8,
}  # fmt: skip


@dataclass
class Job:
    """A program, what it is given and how often it runs."""

    program: Program
    inputs: dict[str, torch.Tensor] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    ints: dict[str, int] = field(default_factory=dict)
    runs: int = 1

    def script(self) -> str:
        inputs = {name: self.encoded(name, tensor) for name, tensor in self.inputs.items()}
        words = {"sizes": self.sizes, "inputs": inputs, "ints": self.ints, "runs": self.runs}
        return f"JOBS.push({{start:{self.program.javascript},...{json.dumps(words)}}});"

    def encoded(self, name: str, tensor: torch.Tensor) -> str:
        array = ARRAYS[self.program.inputs[name].kind]
        return base64.b64encode(tensor.detach().numpy().astype(array).tobytes()).decode()


def runtime() -> str:
    """The scripts that a page with programs has."""
    kernels = base64.b64encode((STATIC / "kernels.wasm").read_bytes()).decode()
    parts = [(STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS]
    return "\n".join(["var DLBOOK = {};", *parts, f'DLBOOK.receiveKernels("{kernels}");'])


def script(jobs: list[Job]) -> str:
    """Runtime, runner and jobs as one classic script."""
    runner = (Path(__file__).parent / "runner.js").read_text(encoding="utf-8")
    return "\n".join([runtime(), runner, *(job.script() for job in jobs)])


def has_node() -> bool:
    return shutil.which("node") is not None


def run_in_node(jobs: list[Job], folder: Path) -> list[dict]:
    """Outputs of all jobs, as tensors by name."""
    path = folder / "jobs.js"
    path.write_text(script(jobs) + "\nconsole.log(JSON.stringify(runJobs()));", encoding="utf-8")
    done = subprocess.run(["node", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return decoded(json.loads(done.stdout))


def run_in_browser(jobs: list[Job], folder: Path, browser) -> list[dict]:
    """The same on a page opened from its file in headless Chromium."""
    return decoded(answers_of_browser(jobs, folder, browser))


def answers_of_browser(jobs: list[Job], folder: Path, browser) -> list[dict]:
    """What each job gave: {"outputs": ...}, encoded, or {"error": ...}."""
    (folder / "jobs.js").write_text(script(jobs), encoding="utf-8")
    page_file = folder / "page.html"
    page_file.write_text('<!doctype html><meta charset="utf-8"><script src="jobs.js"></script>')
    page = browser.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(page_file.resolve().as_uri())
    assert not problems
    results = page.evaluate("() => JSON.stringify(runJobs())")
    page.close()
    return json.loads(results)


def decoded(results: list[dict]) -> list[dict]:
    for result in results:
        assert "error" not in result, result["error"]
    return [
        {name: tensor(*packed) for name, packed in result["outputs"].items()} for result in results
    ]


def tensor(kind: str, shape: list[int], packed: str) -> torch.Tensor:
    numbers = np.frombuffer(base64.b64decode(packed), dtype=READ[kind]).copy()
    return torch.from_numpy(numbers).reshape(shape)
