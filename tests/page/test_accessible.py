"""Folds of the sidebar get names; the rest of the theme's markup stays."""

from bs4 import BeautifulSoup

from dlbook.page.accessible import named_folds

FOLD = (
    '<li><a href="a.html">The <code>package</code></a><details><summary>v</summary></details></li>'
)


def test_a_fold_is_named_after_the_page_above_it():
    made = named_folds(lambda kind: BeautifulSoup(FOLD, "html.parser"))("sidebar")
    assert made.summary["aria-label"] == "Pages under The package"


def test_an_empty_sidebar_stays_empty():
    assert named_folds(lambda: "")() == ""
