"""An experiment's four functions as programs, one for each graph that a reader can choose."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dlbook.compile.experiment import STAGES, TENSORS, Experiment, TorchRun
from dlbook.compile.names import flatten
from dlbook.compile.program import Program, compile_program

EXAMPLE_NUMBER = 0.1  # of the 0-d tensors: only their type counts


@dataclass(frozen=True)
class StagePrograms:
    """The programs of one stage: which structure settings choose, and each choice's program."""

    chosen_by: tuple[str, ...]
    programs: dict[tuple, Program]  # values of `chosen_by` -> program


def stage_programs(
    experiment: Experiment, choices: Mapping[str, Sequence]
) -> dict[str, StagePrograms]:
    """Stage -> `StagePrograms`, for every combination of the structure settings in `choices`.

    Raises `CannotCompile` with the operator and the line where a function has no program.
    """
    return {stage: _compiled(experiment, stage, choices) for stage in STAGES}


def compile_stage(experiment: Experiment, stage: str, settings: Mapping) -> Program:
    """The program of one stage at the structure in `settings`; its sizes are the examples'.

    Raises `ValueError` where a fixed length is by chance the example of a size, or where a length
    follows from a size and is not the size itself.
    """
    run, taken = TorchRun(experiment, settings), experiment.parameters(stage)
    tensors = [run.tensors[name] for name in taken if name in TENSORS]
    run.call(stage)  # a mistake is told by torch itself, and what is made once is made here
    _check_examples(experiment, settings, run)
    return compile_program(
        experiment.function(stage, settings),
        *tensors,
        sizes=experiment.sizes,
        ints=[name for name in (*experiment.ints, "num_steps") if name in taken],
    )


def _check_examples(experiment: Experiment, settings: Mapping, run: TorchRun):
    """Raise `ValueError` unless the lengths that change with the sizes are just the examples."""
    examples = {length: name for name, length in experiment.sizes.items()}
    longer = {name: length + 1 for length, name in examples.items()}
    others = dict(flatten(TorchRun(experiment, {**settings, **longer}).tensors)) if longer else {}
    for name, other in others.items():
        lengths = dict(flatten(run.tensors))[name].shape
        for length, changed in zip(lengths, other.shape, strict=True):
            if length in examples and length == changed:
                raise ValueError(
                    f"{name} has a fixed length of {length}, the example of {examples[length]}:"
                    f" give {examples[length]} another example"
                )
            if length not in examples and length != changed:
                raise ValueError(
                    f"{name} has a length of {length}, or {changed} when the sizes are one larger;"
                    f" only {', '.join(experiment.sizes)} itself can be the length of an axis"
                )


def _compiled(experiment: Experiment, stage: str, choices: Mapping) -> StagePrograms:
    chosen_by = experiment.chosen_by(stage)
    examples = {
        values: _example(experiment, stage, values, choices)
        for values in itertools.product(*(choices[name] for name in chosen_by))
    }
    programs = {v: compile_stage(experiment, stage, e) for v, e in examples.items()}
    return StagePrograms(chosen_by, programs)


def _example(experiment: Experiment, stage: str, values: tuple, choices: Mapping) -> dict:
    """Settings with the structure `values` for `stage`, and examples for all others."""
    structure = {name: choices[name][0] for name in experiment.structure}
    structure |= dict(zip(experiment.chosen_by(stage), values, strict=True))
    numbers = dict.fromkeys(experiment.numbers, EXAMPLE_NUMBER)
    return structure | dict(experiment.sizes) | dict.fromkeys(experiment.ints, 0) | numbers
