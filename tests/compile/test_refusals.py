"""What can't be compiled is refused while the book is built: operator, line and reason."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from zoo.training import supervised

from dlbook import random
from dlbook.compile import CannotCompile, compile_program


def refused(model: nn.Module, X: torch.Tensor, message: str):
    example = supervised(model, lambda call, b: call(b["X"]).square().mean(), {"X": X})
    with pytest.raises(CannotCompile, match=message):
        compile_program(example.step, *example.arguments.values())


def refused_function(function, *arguments, message: str):
    with pytest.raises(CannotCompile, match=message):
        compile_program(function, *arguments)


IMAGES = torch.zeros(2, 4, 8, 8)


def test_dropout_that_draws_by_itself_is_named_with_its_line():
    model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5))
    refused(model, torch.zeros(2, 3), r"dlbook.random; used by nn.Dropout in training.py:\d+: loss")


def test_random_numbers_of_torch():
    refused_function(
        lambda x: x + torch.randn(3), torch.zeros(3), message="rand.*dlbook.random.*used by"
    )
    refused_function(lambda x: torch.bernoulli(x), torch.zeros(3), message="bernoulli")


def test_the_message_names_operator_and_line():
    with pytest.raises(CannotCompile) as caught:
        compile_program(lambda x: x.sort().values, torch.zeros(3))
    assert "sort can't be compiled" in str(caught.value)
    assert "lambda x: x.sort().values" in str(caught.value)


def test_lstm():
    class Last(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(1, 4, batch_first=True)

        def forward(self, x):
            return self.lstm(x)[0]

    refused(Last(), torch.zeros(2, 3, 1), "nn.LSTMCell; used by nn.LSTM")


def test_running_statistics():
    refused(
        nn.Sequential(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4)),
        IMAGES,
        "running statistics.*used by nn.BatchNorm2d",
    )


def test_grouped_convolution():
    refused(nn.Conv2d(4, 4, 3, groups=4), IMAGES, "grouped.*used by nn.Conv2d|groups.*nn.Conv2d")


def test_average_beyond_the_image():
    model = nn.Sequential(nn.Conv2d(4, 4, 1), nn.AvgPool2d(3, 2, padding=1))
    refused(model, IMAGES, "avg_pool2d can't be compiled")


def test_control_flow_on_data():
    refused_function(
        lambda x: x * 2 if x.sum() > 0 else x, torch.ones(3), message="depends on the data"
    )
    refused_function(lambda x: x * x.sum().item(), torch.ones(3), message="depends on the data")


def test_masks_and_other_shapes_that_depend_on_data():
    refused_function(lambda x: x[x > 0], torch.ones(3), message="depends on the data|mask")
    refused_function(lambda x: torch.nonzero(x), torch.ones(3), message="depends on the data|mask")


def test_kinds_of_numbers_that_pages_lack():
    refused_function(lambda x: x.half(), torch.ones(3), message="float16")
    refused_function(lambda x: torch.fft.fft(x).abs(), torch.ones(4), message="can't be compiled")


@pytest.mark.parametrize(
    "function",
    [lambda x: x + 10, lambda x: x * 2, lambda x: 255 - x, lambda x: (x.float() * 2).to(x.dtype),
     lambda x: torch.maximum(x, x * 3), lambda x: x[:1] == torch.arange(300, dtype=torch.uint8)],
)  # fmt: skip
def test_computing_in_uint8(function):
    x = torch.tensor([3, 200], dtype=torch.uint8)
    refused_function(function, x, message="wraps around at 256; used by")


@pytest.mark.parametrize(
    ("function", "argument"),
    [(lambda x: x.round(decimals=2), "decimals"), (lambda x: x.view(torch.int32), "dtype")],
)
def test_arguments_that_no_program_follows(function, argument):
    refused_function(function, torch.ones(3), message=f"argument {argument} is not supported")


@pytest.mark.parametrize(
    "function",
    [lambda x: x + torch.tensor([2**31, 0]), lambda x: x + 2**40, lambda x: x.fill_(2**31)],
)
def test_whole_numbers_beyond_those_of_a_page(function):
    refused_function(function, torch.tensor([1, 1]), message="below 2³¹.*; used by test_refusals")


def test_adding_up_booleans_in_place():
    index = torch.tensor([0, 0])
    refused_function(
        lambda x: (x > 0).index_put((index,), x > 1, accumulate=True), torch.ones(2),
        message="use an integer",
    )  # fmt: skip


def test_products_of_other_kinds():
    refused_function(lambda x: x @ x, torch.ones(3, 3, dtype=torch.int64), message="float32")
    refused_function(lambda x: (x @ x).float(), torch.ones(3, 3).double(), message="float32")


def test_functions_that_pages_have_in_float32_only():
    refused_function(lambda x: x.double().tanh(), torch.ones(3), message="float32 only")


def test_outputs_must_fit_the_inputs_of_their_names():
    with pytest.raises(ValueError, match=r"output params.w is float \[3\].*float \[2\]"):
        compile_program(lambda params: {"params": {"w": torch.ones(3)}}, {"w": torch.ones(2)})


def test_inputs_must_be_tensors():
    with pytest.raises(TypeError, match=r"hyper.lr is 0.1"):
        compile_program(lambda hyper: hyper["lr"] * torch.ones(2), {"lr": 0.1})


def test_arguments_that_the_function_does_not_take():
    with pytest.raises(ValueError, match="2 arguments, but the function takes 1: x"):
        compile_program(lambda x: x, torch.zeros(3), torch.zeros(4))


def test_numbers_of_the_page_are_seeds_and_streams_only():
    def function(x, seed):
        return x * seed

    with pytest.raises(TypeError, match="seed is known only in the page"):
        compile_program(function, torch.ones(3), ints=["seed"])
    with pytest.raises(TypeError, match="step \\+ 1 is known only in the page"):
        compile_program(
            lambda x, step: x + random.uniform(3, seed=0, stream=(step + 1) % 5),
            torch.ones(3),
            ints=["step"],
        )


@pytest.mark.parametrize(
    "asked", [lambda n: n == 0, lambda n: n != 0, lambda n: n in (0, 3), lambda n: n > 0, bool]
)
def test_numbers_of_the_page_can_not_be_compared(asked):
    def function(x, step):
        return x * 2 if asked(step) else x

    with pytest.raises(TypeError, match="step is known only in the page"):
        compile_program(function, torch.ones(3), ints=["step"])


def test_unknown_names_of_ints():
    with pytest.raises(ValueError, match="no parameter stepp"):
        compile_program(lambda x, step: x, torch.ones(3), ints=["stepp"])


def test_functions_given():
    assert compile_program(lambda x: F.relu(x), torch.ones(3)).outputs["output"].kind == "float"
