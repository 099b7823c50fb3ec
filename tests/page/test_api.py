"""Docstrings survive as plain text, and the API pages list every module."""

import pkgutil
import re
from pathlib import Path

import pytest

import dlbook
from dlbook.page.api import as_restructured_text, modules_in

BOOK = Path(__file__).resolve().parent.parent.parent / "book"


@pytest.mark.parametrize(
    ("plain", "marked_up"),
    [
        ("the absolute |r|", r"the absolute \|r\|"),
        ("times * and **settings", r"times \* and \*\*settings"),
        ("shrink_ in place, w_j", r"shrink\_ in place, w_j"),
        ("two `Slider`s", r"two \ ``Slider``\ s"),
        ("`x | y_` stays", r"\ ``x | y_``\  stays"),
        ("``double`` too", r"\ ``double``\  too"),
        ("Runs:\n\n>>> abs(-1) * 2\n2\n\nx * y", "Runs:\n\n>>> abs(-1) * 2\n2\n\nx \\* y"),
    ],
)
def test_markup_in_docstrings_is_escaped(plain, marked_up):
    assert as_restructured_text(plain) == marked_up


def test_a_package_is_the_list_of_its_modules():
    assert "dlbook.datasets.toy_regression" in modules_in("dlbook.datasets")
    assert modules_in("dlbook.random") == ["dlbook.random"]


def test_every_module_of_the_package_is_documented():
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(BOOK.glob("api/*.md")))
    named = " ".join(re.findall(r"\{api\} (.*)", text)).split()
    documented = {module for name in named for module in modules_in(name)}
    present = {
        module
        for found in pkgutil.iter_modules(dlbook.__path__, prefix="dlbook.")
        for module in modules_in(found.name)
    }
    assert present - {"dlbook.recipes"} <= documented, present - documented
