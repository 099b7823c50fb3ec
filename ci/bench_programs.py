"""Benchmarks of compiled programs: steps a second beside torch eager, and bytes.

    python ci/bench_programs.py

Both run on one thread, in turns: a round of torch, a round of headless Chromium. Nothing here
decides a test: the figures are from one machine.
"""

import base64
import gzip
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from chromium import chromium, say
from dlbook.compile import Program, compile_program

ROUNDS, SECONDS = 5, 0.7
SCRIPTS = ("functions.js", "kernels.js", "random.js")
STATIC = files("dlbook.page") / "static"


@dataclass
class Case:
    """A training step and what it starts with."""

    name: str
    step: Callable[..., dict]
    arguments: dict[str, dict]


def sgd(params: dict, gradients: dict, state: dict, hyper: dict) -> tuple[dict, dict]:
    speed = {k: hyper["momentum"] * state["v"][k] + gradients[k] for k in params}
    return {k: params[k] - hyper["lr"] * speed[k] for k in params}, {"v": speed}


def adam(params: dict, gradients: dict, state: dict, hyper: dict) -> tuple[dict, dict]:
    t = state["t"] + 1
    m = {k: 0.9 * state["m"][k] + 0.1 * gradients[k] for k in params}
    v = {k: 0.999 * state["v"][k] + 0.001 * gradients[k] ** 2 for k in params}
    one, two = 1 - 0.9**t, 1 - 0.999**t
    new = {
        k: params[k] - hyper["lr"] * (m[k] / one) / (torch.sqrt(v[k] / two) + 1e-8) for k in params
    }
    return new, {"t": t, "m": m, "v": v}


def case(name: str, model: nn.Module, loss_fn: Callable, batch: dict, optimizer) -> Case:
    """A step of a model under an optimizer."""
    params = {k: p.detach().clone() for k, p in model.named_parameters()}
    model.requires_grad_(False)

    def step(params, state, batch, hyper):
        leaves = {k: p.detach().requires_grad_() for k, p in params.items()}
        loss = loss_fn(functional_call(model, leaves, (batch["X"],)), batch["y"])
        gradients = dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values())), strict=True))
        params, state = optimizer(params, gradients, state, hyper)
        return {"params": params, "state": state, "loss": loss.detach()}

    zeros = {n: {k: torch.zeros_like(p) for k, p in params.items()} for n in ("m", "v")}
    state = {"v": zeros["v"]} if optimizer is sgd else zeros | {"t": torch.zeros(())}
    hyper = {"lr": torch.tensor(0.01)}
    hyper |= {"momentum": torch.tensor(0.9)} if optimizer is sgd else {}
    return Case(name, step, {"params": params, "state": state, "batch": batch, "hyper": hyper})


def mlp(depth: int = 2, width: int = 16, activation: type = nn.Tanh) -> nn.Module:
    """The playground's network: two coordinates to one logit."""
    layers: list[nn.Module] = [nn.Linear(2, width), activation()]
    for _ in range(depth - 1):
        layers += [nn.Linear(width, width), activation()]
    return nn.Sequential(*layers, nn.Linear(width, 1))


def binary_loss(logits: Tensor, y: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits.squeeze(-1), y)


def points(count: int) -> dict[str, Tensor]:
    X = torch.randn(count, 2, generator=torch.Generator().manual_seed(0))
    return {"X": X, "y": (X[:, 0] * X[:, 1] > 0).float()}


def images(count: int = 64) -> dict[str, Tensor]:
    """As large as scikit-learn's digits."""
    generator = torch.Generator().manual_seed(0)
    X = torch.rand(count, 1, 8, 8, generator=generator)
    return {"X": X, "y": torch.randint(0, 10, (count,), generator=generator)}


def cnn() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64, 10),
    )  # fmt: skip


def cases() -> list[Case]:
    """What is timed."""
    return [
        case("MLP 2-16-16-1, SGD", mlp(), binary_loss, points(256), sgd),
        case("MLP 2-16-16-1, Adam", mlp(), binary_loss, points(256), adam),
        case("CNN on 8x8 images, SGD", cnn(), F.cross_entropy, images(), sgd),
    ]


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
    """Steps a second of every case, median over rounds, and the ratio of the same rounds."""
    torch.set_num_threads(1)
    examples = cases()
    programs = [compile_program(e.step, *e.arguments.values()) for e in examples]
    results = []
    with chromium() as browser:
        page = browser.new_page()
        page.goto("about:blank")
        page.add_script_tag(content=page_script(examples, programs))
        for index, (example, program) in enumerate(zip(examples, programs, strict=True)):
            page.evaluate(RATE, [index, 2 * SECONDS])  # warm
            rounds = [
                (torch_rate(example), page.evaluate(RATE, [index, SECONDS])) for _ in range(ROUNDS)
            ]
            results.append(
                {
                    "name": example.name,
                    "torch": statistics.median(r[0] for r in rounds),
                    "page": statistics.median(r[1] for r in rounds),
                    "ratio": statistics.median(r[1] / r[0] for r in rounds),
                    "gzip": compressed(program.javascript),
                }
            )
    return results


def runtime_script() -> str:
    """What every page with programs has: functions, kernels, draws."""
    kernels = base64.b64encode((STATIC / "kernels.wasm").read_bytes()).decode()
    parts = [(STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS]
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


def playground_bytes() -> int:
    """Compressed bytes of 12 graphs: depth x activation, with width and batch left open."""
    programs = []
    for depth in (1, 2, 3, 4):
        for activation in (nn.ReLU, nn.Tanh, nn.Sigmoid):
            example = case("", mlp(depth, 17, activation), binary_loss, points(37), sgd)
            sizes = {"width": 17, "batch": 37}
            programs.append(compile_program(example.step, *example.arguments.values(), sizes=sizes))
    return compressed("\n".join(p.javascript for p in programs))


def compressed(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))


def main() -> int:
    for row in measure():
        say(
            f"{row['name']:28} torch {row['torch']:7.0f} steps/s, page {row['page']:7.0f},"
            f" ratio {row['ratio']:.1f}, {row['gzip']:,} bytes gzip"
        )
    say(f"12 playground programs: {playground_bytes():,} bytes gzip")
    say(f"runtime with kernels: {compressed(runtime_script()):,} bytes gzip")
    return 0


if __name__ == "__main__":
    sys.exit(main())
