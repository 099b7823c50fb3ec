"""The kernels of compiled programs: the committed WebAssembly is what the source gives."""

import base64
import math
import os
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

import pytest
import torch
from machine import runtime

pytest.importorskip("playwright")
from chromium import chromium

pytestmark = pytest.mark.xdist_group("kernels")  # one browser

STATIC = files("dlbook.page") / "static"
PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
EXTRAS = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
COMPILER = EXTRAS["kernels"][0].removeprefix("ziglang==")  # `ci/test.py unit` installs it
OPTIONS = [
    "--target=wasm32-freestanding", "-O3", "-msimd128",
    "-nostdlib", "-Wl,--no-entry", "-Wl,--strip-all", "-Wl,-z,stack-size=4096",
]  # fmt: skip


def compiler() -> str | None:
    """The version of the C compiler, if it is installed."""
    try:
        return version("ziglang")
    except PackageNotFoundError:
        return None


@pytest.mark.skipif(compiler() != COMPILER, reason=f"ziglang {COMPILER} is not installed")
def test_the_committed_kernels_are_what_the_source_gives(tmp_path):
    """To change them: edit kernels.c and run this test with DLBOOK_WRITE_KERNELS=1."""
    made = tmp_path / "kernels.wasm"
    command = [sys.executable, "-m", "ziglang", "cc", *OPTIONS, "-o", str(made)]
    subprocess.run([*command, str(STATIC / "kernels.c")], check=True)
    if os.environ.get("DLBOOK_WRITE_KERNELS"):
        (STATIC / "kernels.wasm").write_bytes(made.read_bytes())
    assert made.read_bytes() == (STATIC / "kernels.wasm").read_bytes()


def test_the_kernels_are_small_enough_to_be_compiled_at_once():
    """Browsers compile up to 4 kB of WebAssembly without waiting."""
    assert (STATIC / "kernels.wasm").stat().st_size < 4096


@pytest.fixture(scope="module")
def page():
    with chromium() as browser:
        page = browser.new_page()
        page.add_script_tag(content=runtime())
        yield page


PRODUCTS = """(cases) => cases.map(({ a, b, rows, inner, width, row, step }) => {
  const arena = new DLBOOK.Arena();
  arena.reserve(4 * (a.length + b.length + rows * width) + 64);
  const [A, B] = [a, b].map((values) => arena.new(Float32Array, values.length));
  A.set(a); B.set(b);
  const out = arena.new(Float32Array, rows * width);
  arena.product(rows, inner, width, A, 0, row, step, B, 0, width, out, 0);
  return Array.from(out);
})"""


def test_products_of_every_small_shape(page):
    generator = torch.Generator().manual_seed(0)
    cases, expected = [], []
    for rows in (1, 2, 3, 4, 5, 9):
        for inner in (1, 2, 7):
            for width in (1, 3, 4, 7, 8, 9, 17):
                a = torch.randn(rows, inner, generator=generator)
                b = torch.randn(inner, width, generator=generator)
                shape = {"rows": rows, "inner": inner, "width": width}
                for stored, strides in ((a, (inner, 1)), (a.T, (1, rows))):
                    numbers = {"a": stored.flatten().tolist(), "b": b.flatten().tolist()}
                    cases.append(numbers | shape | {"row": strides[0], "step": strides[1]})
                    expected.append(a @ b)
    for made, torchs in zip(page.evaluate(PRODUCTS, cases), expected, strict=True):
        assert torch.allclose(torch.tensor(made), torchs.flatten(), atol=2e-6)


def test_not_a_number_and_infinity_pass_through_products(page):
    case = {"rows": 1, "inner": 2, "width": 1, "row": 2, "step": 1}
    (made,) = page.evaluate(PRODUCTS, [case | {"a": [1e30, 1.0], "b": [1e30, 1.0]}])
    assert made == [float("inf")]


GROWTH = """() => {
  const arena = new DLBOOK.Arena(), lengths = [];
  for (const count of [10, 1e6, 10]) {
    arena.reserve(4 * count + 16);
    const array = arena.new(Float32Array, count);
    lengths.push([array.length, array.every((v) => v === 0)]);
    array.fill(1);
  }
  return lengths;
}"""


def test_an_arena_grows_and_starts_with_zeros(page):
    assert page.evaluate(GROWTH) == [[10, True], [1_000_000, True], [10, True]]


def test_functions_are_as_exact_as_float32(page):
    x = torch.cat([torch.linspace(-12, 12, 4001), torch.linspace(-1e-3, 1e-3, 101)])
    for name, exact in (("tanh", torch.tanh), ("erf", torch.erf)):
        made = page.evaluate(
            "([name, x]) => x.map((v) => Math.fround(DLBOOK.functions[name](Math.fround(v))))",
            [name, x.tolist()],
        )
        made, expected = torch.tensor(made, dtype=torch.float64), exact(x.double())
        assert (made - expected).abs().max() < 3e-7
        inner = expected.abs() > 0
        assert ((made - expected)[inner] / expected[inner]).abs().max() < 5e-7
        assert page.evaluate(f"() => isNaN(DLBOOK.functions.{name}(NaN))")
        assert page.evaluate(f"() => DLBOOK.functions.{name}(Infinity)") == 1


IN_PLACE = """([name, x]) => {
  const arena = new DLBOOK.Arena();
  arena.reserve(4 * x.length + 32);
  const array = arena.new(Float32Array, x.length), next = arena.new(Float32Array, 1);
  array.set(x);
  next[0] = 5;
  arena.all[name](array);
  if (next[0] !== 5) throw new Error("wrote beyond the array");
  return Array.from(array);
}"""
EXACT = {"tanh": torch.tanh, "exp": torch.exp, "sigmoid": torch.sigmoid, "relu": torch.relu}


@pytest.mark.parametrize("name", EXACT)
def test_functions_in_place_are_as_exact_as_float32(page, name):
    x = torch.cat([torch.linspace(-20, 20, 4001), torch.linspace(-1e-3, 1e-3, 102)])
    made = torch.tensor(page.evaluate(IN_PLACE, [name, x.tolist()]), dtype=torch.float64)
    expected = EXACT[name](x.double())
    inner = expected.abs() > 0
    assert ((made - expected)[inner] / expected[inner]).abs().max() < 5e-7
    assert (made - expected)[~inner].abs().sum() == 0


@pytest.mark.parametrize("name", EXACT)
def test_functions_in_place_at_the_ends(page, name):
    x = [float("inf"), float("-inf"), 200.0, -200.0, 88.9, -103.0, 0.0]
    made = page.evaluate(IN_PLACE, [name, x])
    expected = EXACT[name](torch.tensor(x))
    assert torch.allclose(torch.tensor(made, dtype=torch.float32), expected, rtol=1e-6, atol=1e-44)
    assert all(math.isnan(v) for v in page.evaluate(IN_PLACE, [name, [math.nan] * 3]))


def test_halves_are_rounded_to_even(page):
    halves = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.4, 0.6]
    made = page.evaluate("(x) => x.map(DLBOOK.functions.roundEven)", halves)
    assert made == torch.tensor(halves).round().tolist()


def test_base64_of_the_kernels_is_what_a_page_carries():
    assert base64.b64encode((STATIC / "kernels.wasm").read_bytes()).decode() in runtime()
