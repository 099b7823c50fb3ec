"""Benchmarks of compiled programs: training steps a second beside torch eager and TensorFlow.js.

    python ci/bench_programs.py

All run on one thread, in turns: a window of torch, one of headless Chromium with the compiled
step, and, where npm can fetch TensorFlow.js, one of each of its backends. Nothing here decides a
test: the figures are from one machine, and only their ratios mean something.
"""

import base64
import functools
import gzip
import http.server
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from bench_tfjs import SCRIPT, fetch_tensorflow, network_of
from chromium import chromium, say
from dlbook.compile import Program, compile_program
from dlbook.models.mlp import mlp
from dlbook.optimizers import OPTIMIZERS, default_hyper, initial_state

ROUNDS, SECONDS = 5, 0.7
LEARNING_RATE = 0.01
COMPARED = 100  # steps after which the losses are compared
RUNTIME = ("functions.js", "kernels.js", "random.js")
STATIC = files("dlbook.page") / "static"


@dataclass
class Case:
    """A training step and what it starts with; `network`: the same for TensorFlow.js."""

    name: str
    step: Callable[..., dict]
    arguments: dict[str, dict]
    network: dict | None


def cases() -> list[Case]:
    """What is timed: the playground's network under two optimizers, and a small CNN."""
    network, moons = mlp([2, 16, 16, 1], nn.Tanh), points(256)
    return [
        case("MLP 2-16-16-1, SGD", network, binary_loss, moons, "sgd"),
        case("MLP 2-16-16-1, Adam", network, binary_loss, moons, "adam"),
        case("CNN on 8x8 images, SGD", cnn(), F.cross_entropy, images(64), "sgd"),
    ]


def case(name: str, model: nn.Module, loss_fn: Callable, batch: dict, optimizer: str) -> Case:
    """A step of a model under an optimizer."""
    params = {k: p.detach().clone() for k, p in model.named_parameters()}
    update = OPTIMIZERS[optimizer]

    def step(params, state, batch, hyper):
        leaves = {k: p.detach().requires_grad_() for k, p in params.items()}
        loss = loss_fn(functional_call(model, leaves, (batch["X"],)), batch["y"])
        grads = dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values())), strict=True))
        params, state = update(params, grads, state, hyper)
        return {"params": params, "state": state, "loss": loss.detach()}

    arguments = {
        "params": params,
        "state": initial_state(optimizer, params),
        "batch": batch,
        "hyper": default_hyper(optimizer, lr=LEARNING_RATE),
    }
    network = None
    if loss_fn is binary_loss:
        network = network_of(params, batch, optimizer, LEARNING_RATE)
    return Case(name, step, arguments, network)


def binary_loss(logits: Tensor, y: Tensor) -> Tensor:
    """Cross-entropy of logits (n, 1) and labels (n,) of 0 and 1."""
    return F.binary_cross_entropy_with_logits(logits.squeeze(-1), y)


def points(count: int) -> dict[str, Tensor]:
    """Points of the plane, labelled by the sign of x₁ x₂."""
    X = torch.randn(count, 2, generator=torch.Generator().manual_seed(0))
    return {"X": X, "y": (X[:, 0] * X[:, 1] > 0).float()}


def images(count: int) -> dict[str, Tensor]:
    """Noise as large as scikit-learn's digits."""
    generator = torch.Generator().manual_seed(0)
    X = torch.rand(count, 1, 8, 8, generator=generator)
    return {"X": X, "y": torch.randint(0, 10, (count,), generator=generator)}


def cnn() -> nn.Module:
    """Two convolutions with pooling, one affine layer."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64, 10),
    )  # fmt: skip


def torch_rate(example: Case) -> float:
    """Steps a second of torch eager on one thread."""
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        example.step(**example.arguments)
        done += 1
    return done / (time.perf_counter() - start)


RATE = """([index, seconds]) => {
  const program = PROGRAMS[index], start = performance.now();
  let done = 0;
  while (performance.now() - start < 1000 * seconds) { program.run(); done++; }
  return 1000 * done / (performance.now() - start);
}"""


def measure() -> list[dict]:
    """Of every case: steps a second (medians over rounds) and ratios within the rounds."""
    torch.set_num_threads(1)
    examples = cases()
    programs = [compile_program(e.step, *e.arguments.values()) for e in examples]
    with tempfile.TemporaryDirectory() as name, served(Path(name)) as address:
        backends = fetch_tensorflow(Path(name))
        (Path(name) / "programs.js").write_text(page_script(examples, programs), encoding="utf-8")
        scripts = [*backends, "programs.js"]
        tags = "".join(f'<script src="{script}"></script>' for script in scripts)
        (Path(name) / "page.html").write_text(f"<!doctype html>{tags}", encoding="utf-8")
        with chromium() as browser:
            page = browser.new_page()
            page.goto(f"{address}/page.html")
            if backends:
                page.add_script_tag(content=SCRIPT)
            return [
                _timed(page, i, e, p, bool(backends))
                for i, (e, p) in enumerate(zip(examples, programs, strict=True))
            ]


def _timed(page, index: int, example: Case, program: Program, tensorflow: bool) -> dict:
    rates = {
        "torch": lambda: torch_rate(example),
        "page": lambda: page.evaluate(RATE, [index, SECONDS]),
    }
    if tensorflow and example.network:
        for backend in ("wasm", "cpu"):
            start = [example.network, backend]
            page.evaluate("([network, backend]) => startTensorflow(network, backend)", start)
            _check_it_is_the_same_training(page, example, backend)
            rates[f"tfjs_{backend}"] = functools.partial(
                page.evaluate, "([backend, s]) => rateTensorflow(backend, s)", [backend, SECONDS]
            )
    for rate in rates.values():
        rate()  # warm
    rounds = [{name: rate() for name, rate in rates.items()} for _ in range(ROUNDS)]
    result = {"gzip": compressed(program.javascript)}
    for name in rates:
        result[name] = round(statistics.median(r[name] for r in rounds))
        if name != "page":
            ratio = statistics.median(r["page"] / r[name] for r in rounds)
            result[f"ratio_{name}"] = round(ratio, 1)
    return {"name": example.name} | result


def _check_it_is_the_same_training(page, example: Case, backend: str):
    """After as many steps the loss in TensorFlow.js is torch's."""
    arguments = example.arguments
    for _ in range(COMPARED + 1):  # a step gives the loss before its update
        result = example.step(**arguments)
        arguments = arguments | {name: result[name] for name in ("params", "state")}
    truth = result["loss"].item()
    found = page.evaluate(
        "([backend, steps]) => lossTensorflow(backend, steps)", [backend, COMPARED]
    )
    if abs(found - truth) > 1e-3:
        raise RuntimeError(f"{example.name}: the loss in {backend} is {found}, in torch {truth}")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server on this machine that gives out `folder`."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Nothing."""

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def runtime_script() -> str:
    """What every page with programs has: functions, kernels, draws."""
    kernels = base64.b64encode((STATIC / "kernels.wasm").read_bytes()).decode()
    parts = [(STATIC / name).read_text(encoding="utf-8") for name in RUNTIME]
    return "\n".join(["var DLBOOK = {};", *parts, f'DLBOOK.receiveKernels("{kernels}");'])


def page_script(examples: list[Case], programs: list[Program]) -> str:
    """The runtime, and all programs started with their parameters and data."""
    starts = ",\n".join(f"({p.javascript})(new DLBOOK.Arena(), {{}})" for p in programs)
    lines = [runtime_script(), f"var PROGRAMS = [{starts}];"]
    for index, example in enumerate(examples):
        for group, tensors in example.arguments.items():
            for name, value in tensors.items():
                if isinstance(value, Tensor):
                    target = f'PROGRAMS[{index}].inputs["{group}.{name}"]'
                    lines.append(f"{target}.set({value.flatten().tolist()});")
    return "\n".join(lines)


def compressed(text: str) -> int:
    """Bytes after gzip."""
    return len(gzip.compress(text.encode(), 9))


def main() -> int:
    """Print the table."""
    for row in measure():
        say(", ".join(f"{key} {value}" for key, value in row.items()))
    say(f"runtime with kernels: {compressed(runtime_script()):,} bytes gzip")
    return 0


if __name__ == "__main__":
    sys.exit(main())
