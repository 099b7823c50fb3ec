"""Single operators at numbers where a careless program goes wrong: equal to torch, kinds too."""

import pytest
import torch

pytestmark = pytest.mark.xdist_group("programs")  # one browser


def slope(function):
    """x -> the gradient of a function's sum."""

    def gradient(x):
        leaf = x.detach().requires_grad_()
        return torch.autograd.grad(function(leaf).sum(), leaf)[0]

    return gradient


EXTREMES = {
    "amax": lambda x: (x * 0.1).amax(),
    "amin": lambda x: (3 - x * 0.1).amin(0),
    "max": lambda x: (x * 0.1).max(),
    "rows": lambda x: (x.reshape(-1, 1) * torch.tensor([0.1, 0.3])).amax(0),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_of_computed_numbers_have_gradients(check, name):
    check(slope(EXTREMES[name]), torch.tensor([1.0, 2.0, 3.0]), tolerance=1e-6)


def test_a_slice_that_begins_before_the_beginning(check):
    def function(x):
        y = x.clone()
        y[-10:] = 9
        return y

    check(function, torch.ones(3))
