import doctest
import math
import random as python_random

import pytest
import torch

import dlbook.random
from dlbook.random import integers, normal, permutation, philox4x32, uniform

ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [  # Random123 1.14 (Salmon et al. 2011), tests/kat_vectors, lines "philox4x32 10"
        (
            (0, 0, 0, 0),
            (0, 0),
            (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
        ),
        (
            (ONES, ONES, ONES, ONES),
            (ONES, ONES),
            (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
        ),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_known_answers(counter, key, expected):
    assert tuple(philox4x32(torch.tensor([counter]), key)[0].tolist()) == expected


def plain_philox(counter, key):
    """The same function in Python's unbounded integers."""
    (c0, c1, c2, c3), (k0, k1) = counter, key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & ONES, (p0 >> 32) ^ c3 ^ k1, p0 & ONES
        k0, k1 = (k0 + 0x9E3779B9) & ONES, (k1 + 0xBB67AE85) & ONES
    return [c0, c1, c2, c3]


def test_philox_equals_unbounded_integers_on_random_blocks():
    draw = python_random.Random(0)
    counters = [[draw.getrandbits(32) for _ in range(4)] for _ in range(200)]
    key = (draw.getrandbits(32), draw.getrandbits(32))
    expected = [plain_philox(counter, key) for counter in counters]
    assert philox4x32(torch.tensor(counters), key).tolist() == expected


def words(count, seed, stream):
    blocks = [plain_philox((b, 0, 0, 0), (seed, stream)) for b in range(-(-count // 4))]
    return [word for block in blocks for word in block][:count]


def test_layout_of_uniforms_is_as_documented():
    expected = [(word >> 8) * 2.0**-24 for word in words(10, 7, 3)]
    assert uniform(10, seed=7, stream=3).tolist() == expected  # bit for bit


def test_layout_of_normals_is_as_documented():
    expected = []
    w = words(10, 7, 3)
    for first, second in zip(w[::2], w[1::2], strict=True):
        radius = math.sqrt(-2 * math.log(((first >> 8) + 1) * 2.0**-24))
        angle = 2 * math.pi * (second >> 8) * 2.0**-24
        expected += [radius * math.cos(angle), radius * math.sin(angle)]
    assert normal(10, seed=7, stream=3).tolist() == pytest.approx(expected, rel=1e-6)


def test_layout_of_integers_and_permutations_is_as_documented():
    w = words(9, 7, 3)
    assert integers(6, 9, seed=7, stream=3).tolist() == [word * 6 >> 32 for word in w]
    order = list(range(10))
    for k, i in enumerate(range(9, 0, -1)):
        j = w[k] * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]
    assert permutation(10, seed=7, stream=3).tolist() == order


def test_numbers_that_a_page_must_draw_too():
    assert uniform(4, seed=0).mul(2**24).tolist() == [
        0x6627E8, 0xE169C5, 0xBC57AC, 0x9B00DB,  # the first known answer, 24 bits
    ]  # fmt: skip
    assert permutation(8, seed=0).tolist() == [0, 2, 1, 5, 7, 4, 6, 3]
    assert integers(10, 5, seed=1).tolist() == [8, 8, 5, 7, 6]


@pytest.mark.parametrize("draw", [uniform, normal, lambda n, **key: integers(9, n, **key)])
def test_longer_draws_begin_with_shorter_ones(draw):
    long = draw((40_001, 4), seed=3, stream=5)  # crosses the border between two pieces of work
    assert torch.equal(draw((5, 4), seed=3, stream=5), long[:5])
    assert torch.equal(draw(7, seed=3, stream=5), long.flatten()[:7])


def test_shapes_and_types():
    assert uniform((2, 3), seed=0).shape == (2, 3)
    assert uniform((), seed=0).shape == ()
    assert uniform(0, seed=0).shape == (0,)
    assert uniform(2, seed=0).dtype == normal(3, seed=0).dtype == torch.float32
    assert integers(2, 5, seed=0).dtype == permutation(5, seed=0).dtype == torch.int64
    assert permutation(0, seed=0).tolist() == []
    assert permutation(1, seed=0).tolist() == [0]


@pytest.mark.parametrize("seed", range(3))
def test_moments(seed):
    n = 200_000  # bounds are five standard errors
    u, z = uniform(n, seed=seed).double(), normal(n, seed=seed).double()
    assert u.min() >= 0
    assert u.max() < 1
    assert u.mean().item() == pytest.approx(0.5, abs=5 * math.sqrt(1 / 12 / n))
    assert z.mean().item() == pytest.approx(0, abs=5 / math.sqrt(n))
    assert z.var().item() == pytest.approx(1, abs=5 * math.sqrt(2 / n))
    assert (z**4).mean().item() == pytest.approx(3, abs=5 * math.sqrt(96 / n))
    assert torch.isfinite(z).all()


def test_integers_and_permutations_are_uniform():
    n = 60_000
    counts = torch.bincount(integers(6, n, seed=2), minlength=6).double()
    assert ((counts - n / 6) ** 2 / (n / 6)).sum() < 25.7  # chi², 5 degrees, p = 1e-4
    orders = [tuple(permutation(4, seed=seed, stream=9).tolist()) for seed in range(1200)]
    counts = torch.tensor([orders.count(order) for order in set(orders)]).double()
    assert len(counts) == 24
    assert ((counts - 50) ** 2 / 50).sum() < 57.1  # chi², 23 degrees, p = 1e-4


def test_seeds_and_streams_are_uncorrelated():
    rows = [uniform(10_000, seed=seed, stream=stream) for seed in range(4) for stream in range(4)]
    correlation = torch.corrcoef(torch.stack(rows)) - torch.eye(16)
    assert correlation.abs().max() < 0.05  # five standard errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: uniform(3, seed=-1), "seed is -1"),
        (lambda: uniform(3, seed=2**32), "seed is 4294967296"),
        (lambda: normal(3, seed=0, stream=-2), "stream is -2"),
        (lambda: uniform((2, -1), seed=0), "size is -1"),
        (lambda: integers(0, 3, seed=0), "high is 0"),
        (lambda: permutation(-1, seed=0), "n is -1"),
    ],
)
def test_mistakes_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_example_in_the_docstring():
    assert doctest.testmod(dlbook.random) == (0, 1)


def test_a_fractional_seed_is_refused():
    with pytest.raises(TypeError):
        uniform(3, seed=0.5)
