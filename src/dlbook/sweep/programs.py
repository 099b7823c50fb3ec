"""The steps of a job, one for each size of its batches, made when they are first needed."""

from dataclasses import dataclass, field
from threading import Lock

import torch
from torch import Tensor

from dlbook.optimizers.trees import leaves
from dlbook.sweep.batch_norm import BatchNorm
from dlbook.sweep.channels_last import ChannelsLast
from dlbook.sweep.cheaper import Cheaper, Once
from dlbook.sweep.compiled import compile_graph
from dlbook.sweep.graph import Arguments, Flat, trace
from dlbook.sweep.known_programs import remember
from dlbook.sweep.one_hot import OneHot
from dlbook.sweep.quick_tanh import QuickTanh
from dlbook.sweep.samples_last import SamplesLast
from dlbook.sweep.setting import Setting
from dlbook.sweep.step import Advance, stacked

RULES = (BatchNorm, ChannelsLast, OneHot, SamplesLast)


@dataclass
class Programs:
    """Steps of all members of stacks of one size.

    Attributes:
        name: the engine's: "vmap", "graph" or "compiled".
        setting: of any of the stacks; all have its sizes.
        randomness: see `dlbook.sweep.step.stacked`.
    """

    name: str
    setting: Setting
    randomness: str = "error"
    _made: dict[tuple, Advance] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def advance(self, state, hyper, extra, X: Tensor, y: Tensor):
        """An `Advance` for batches of any size."""
        key = (X.shape, y.shape)
        if key not in self._made:
            with self._lock:
                if key not in self._made:
                    self._made[key] = self._make(X, y)
        return self._made[key](state, hyper, extra, X, y)

    def _make(self, X: Tensor, y: Tensor) -> Advance:
        setting, stack = self.setting, self.setting.stack
        step = stacked(setting.step, shared_batch=setting.feed.shared, randomness=self.randomness)
        if self.name == "vmap":
            return step
        arguments = Arguments(stack.state, stack.hyper, stack.extra)
        example = [*leaves(stack.state), *leaves(stack.hyper), *leaves(stack.extra), X, y]
        with torch.no_grad():
            return arguments.nested(self._program(arguments.flat(step), example))

    def _program(self, step: Flat, example: list[Tensor]) -> Flat:
        graph = trace(step, example)
        for rule in RULES:
            graph = rule(graph).run()
        usual = example[-1].shape == self.setting.feed.batch(0)[1].shape
        if self.name == "compiled" and usual:  # an epoch's smaller last batch is not worth it
            program = compile_graph(QuickTanh(graph).run(), example)
            remember(self.setting)
            return program
        return Once(Cheaper(graph).run())
