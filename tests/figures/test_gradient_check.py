"""The map of the gradient check: what the page says of its rows and columns."""

import numpy as np
import pytest

from dlbook.figures.gradient_check import VERSIONS, check_by_nudging, relative_errors

RED = {"right": "", "A": "W¹, b¹", "B": "W¹, b¹, W², b², W³, b³", "C": "b²",
       "D": "W¹, b¹, W², b²", "E": "W¹", "F": "W¹, b¹"}  # fmt: skip


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("version", VERSIONS)
def test_the_sentence_names_the_spoiled_rows(version, precision):
    status = check_by_nudging(version, precision, "both", "tanh").layout.meta["status"]
    if version == "right":
        assert "Every row agrees somewhere" in status
    else:
        assert f"No nudge agrees for {RED[version]}: there is a bug" in status


def test_only_f_hides_behind_relu():
    for version in "ABCDEF":
        errors = relative_errors(version, "float64", "both", "relu").min(axis=1)
        assert (errors > 1e-2).any() == (version != "F")


def test_columns_have_their_best_in_the_middle():
    for sides, low, high in (("both", 3, 7), ("one", 6, 9)):
        errors = relative_errors("right", "float64", sides, "tanh").max(axis=0)
        best = int(errors.argmin()) + 1
        assert low <= best <= high
        assert errors[0] > 1e-3
        assert errors[-1] > 1e-5
    both, one = (
        relative_errors("right", "float64", s, "tanh").min(axis=1) for s in ("both", "one")
    )
    assert (both < one).all()


def test_float32_leaves_little():
    errors = relative_errors("right", "float32", "both", "tanh")
    assert 1e-5 < errors.min(axis=1).max() < 1e-2
    assert (errors[:, 8:] > 0.5).all()


def test_texts_are_the_powers_of_the_map():
    figure = check_by_nudging("D", "float64", "both", "tanh")
    z = np.array(figure.data[0].z)
    assert z.shape == (6, 12)
    assert [int(w.replace("−", "-")) for w in figure.data[1].text] == z.round().ravel().tolist()
