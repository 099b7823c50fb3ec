"""The compiler listens inside torch for conditions on sizes; a torch it can't hear is refused."""

import pytest
import torch
from torch.fx.experimental.symbolic_shapes import ShapeEnv

from dlbook.compile import CannotCompile, compile_program, open_sizes


def test_the_compiler_hears_what_a_function_asks_of_its_sizes():
    """If this fails, torch has changed how it asks conditions on sizes: see open_sizes.py.

    Sizes are open to 1, which torch excludes, so the compiler listens to the questions inside
    torch (`Shapes.evaluate_expr`, an override of `ShapeEnv`'s). Find out what asks them now, and
    override that.
    """
    open_sizes.check_hearing()


DEAF = {
    "another method asks": ("evaluate_expr", ShapeEnv.evaluate_expr),
    "the method is gone": ("evaluate_expr", None),
    "another method of the same name": ("evaluate_expr", lambda self, condition: condition),
    "no guards are kept": ("guards", property(lambda self: [], lambda self, value: None)),
    "no symbols are kept": ("val_to_var", property(lambda self: {}, lambda self, value: None)),
}


@pytest.mark.parametrize("name", DEAF)
def test_a_torch_that_asks_otherwise_is_refused(monkeypatch, name):
    monkeypatch.setattr(open_sizes.Shapes, *DEAF[name], raising=False)
    open_sizes.check_hearing.cache_clear()
    with pytest.raises(CannotCompile, match=r"torch \d.* in another way.*Shapes.evaluate_expr"):
        compile_program(lambda x: x * 2, torch.zeros(17), sizes={"n": 17})
    open_sizes.check_hearing.cache_clear()
    compile_program(lambda x: x * 2, torch.zeros(17))  # no size is open: nothing is asked
