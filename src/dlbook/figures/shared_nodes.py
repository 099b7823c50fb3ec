"""A chain in which every number is used twice: paths multiply, edges only add up."""

import numpy as np

from dlbook.models.autograd import Node, backward
from dlbook.plots import Figure, with_status
from dlbook.plots.color_numbers import see_through
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, RED

MAX_STAGES = 10
RULES = ("add", "overwrite")
ARC = np.linspace(0, np.pi, 9)  # one of the two ways from a node to the next


def shared_chain(stages: int, second: float, rule: str) -> Figure:
    """u₁ = u₀ + q u₀, u₂ = u₁ + q u₁, ...: the gradient at every node, and what it costs.

    Args:
        stages: number of such steps, 1 to 10.
        second: the local derivative q along the lower way; it is 1 along the upper one.
        rule: what a node does with its second message, "add" or "overwrite".
    """
    gradients = chain_gradients(stages, second, rule)
    truth = nudged(stages, second)
    wrong = abs(gradients[0] - truth) > 1e-6
    figure = two_panels(
        [
            *_chain(stages),
            _numbers(gradients, ORANGE, not wrong),
            _numbers(gradients, RED, wrong),
            *_costs(stages),
        ],
        (
            axis("", -0.6, MAX_STAGES + 0.6, visible=False, fixedrange=True),
            axis("", -1.5, 1.5, visible=False, fixedrange=True),
        ),
        (
            axis("stages", 0.5, MAX_STAGES + 0.5, dtick=1),
            axis("multiplications", 0, 4.5, log=True),
        ),
        height=470,
        upper_share=0.38,
    )
    verdict = "wrong" if wrong else "right"
    return with_status(
        figure,
        f"{stages} stages: {2**stages:,} paths, {2 * stages} edges. With '{rule}' the gradient "
        f"of the first node is {gradients[0]:.5g}; nudging it says {truth:.5g}: "
        f"{verdict}.",
    )


def chain_gradients(stages: int, second: float, rule: str) -> list[float]:
    """The gradient of the last node with respect to every node of the chain, first to last."""
    if rule == "overwrite":
        return [second ** (stages - k) for k in range(stages + 1)]
    nodes = [Node(1.0)]
    for _ in range(stages):
        nodes.append(nodes[-1] + second * nodes[-1])
    backward(nodes[-1])
    return [node.grad.item() for node in nodes]


def nudged(stages: int, second: float) -> float:
    """The same gradient of the first node by nudging it; exact, since the chain is linear."""
    above, below = 1.5, 0.5
    for _ in range(stages):
        above, below = above + second * above, below + second * below
    return above - below


def _chain(stages: int) -> list[dict]:
    """The nodes, and the two ways from each to the next."""
    gap, x, y = [np.nan], [], []
    for k in range(stages):
        for side in (1, -1):
            x += [*(k + 0.5 - 0.5 * np.cos(ARC)), *gap]
            y += [*(side * 0.55 * np.sin(ARC)), *gap]
    places = [k if k <= stages else -9.0 for k in range(MAX_STAGES + 1)]
    marker = {"line": {"color": GRAY, "width": 1.5}}
    return [
        line(np.array(x), np.array(y), "ways", GRAY, width=2, showlegend=False, hoverinfo="skip"),
        dots(places, [0.0] * len(places), "nodes", see_through(GRAY, 0.4), size=15, marker=marker,
             showlegend=False, hoverinfo="skip"),
    ]  # fmt: skip


def _numbers(gradients: list[float], color: str, shown: bool) -> dict:
    """The gradients, alternately above and below the chain, so that long ones have room."""
    words = [_short(gradient) for gradient in gradients] if shown else []
    missing = MAX_STAGES + 1 - len(words)
    return {
        "type": "scatter",
        "mode": "text",
        "x": list(range(MAX_STAGES + 1)),
        "y": [-0.95 if k % 2 else 0.95 for k in range(MAX_STAGES + 1)],
        "text": [*words, *[" "] * missing],
        "textfont": {"size": 14, "color": color},
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _short(value: float) -> str:
    """One digit for what is below 1, whole numbers in full."""
    return (f"{value:.5g}" if abs(value) >= 1 else f"{value:.1g}").replace("-", "−")


def _costs(stages: int) -> list[dict]:
    """Multiplications along all paths and in one sweep, and both at the present length."""
    k = np.arange(1, MAX_STAGES + 1)
    paths, sweep = k * 2.0**k, 2.0 * k
    return [
        line(k, paths, "path by path: stages × 2^stages", BLUE, panel=2),
        line(k, sweep, "one backward sweep: 2 × stages", GREEN, panel=2),
        dots([stages, stages], [paths[stages - 1], sweep[stages - 1]], "here", [BLUE, GREEN],
             size=12, panel=2, showlegend=False),
    ]  # fmt: skip
