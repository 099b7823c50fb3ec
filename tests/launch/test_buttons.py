"""The launch buttons of a built page open that page's notebook, in the repository of the book."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = "book/part/page"


@pytest.fixture(scope="module")
def html(tmp_path_factory) -> Path:
    """The folder of a book of one page, built with the real book's settings."""
    root = tmp_path_factory.mktemp("book")
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    settings["repository"] |= {"url": "https://github.com/someone/some-book", "branch": "trunk"}
    (root / "_config.yml").write_text(yaml.safe_dump(settings))
    (root / "_toc.yml").write_text(f"format: jb-book\nroot: {PAGE}\n")
    (root / "book" / "part").mkdir(parents=True)
    (root / "book" / "references.bib").touch()
    title = nbformat.v4.new_markdown_cell("# A page")
    nbformat.write(nbformat.v4.new_notebook(cells=[title]), root / f"{PAGE}.ipynb")
    command = "from jupyter_book.cli.main import main; main()"
    subprocess.run([sys.executable, "-c", command, "build", str(root)], check=True)
    return root / "_build" / "html"


@pytest.fixture
def links(html) -> dict[str, str]:
    """host -> address, as they stand in the page."""
    found = re.findall(r'href="(https://[^"]+)"', (html / f"{PAGE}.html").read_text("utf-8"))
    return {urlsplit(address).netloc: address.replace("&amp;", "&") for address in found}


def test_binder_opens_the_page(links):
    address = urlsplit(links["mybinder.org"])
    assert address.path == "/v2/gh/someone/some-book/trunk"
    assert parse_qs(address.query) == {"urlpath": [f"lab/tree/{PAGE}.ipynb"]}


def test_colab_opens_the_page(links):
    path = urlsplit(links["colab.research.google.com"]).path
    assert path == f"/github/someone/some-book/blob/trunk/{PAGE}.ipynb"


def test_address_of_the_published_book_follows_from_the_repository(links, html):
    page = f"https://someone.github.io/some-book/{PAGE}.html"
    assert links["someone.github.io"] == page
    assert f"<loc>{page}</loc>" in (html / "sitemap.xml").read_text("utf-8")
    assert f'property="og:url" content="{page}"' in (html / f"{PAGE}.html").read_text("utf-8")


def test_every_page_of_the_book_lies_where_its_button_looks():
    """The buttons name `path_to_book`/page; the book's folder is the repository itself."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert settings["repository"]["path_to_book"] == ""
    pages = re.findall(r"(?:file|root): (\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    assert pages
    for page in pages:
        assert any((ROOT / f"{page}{ending}").is_file() for ending in (".ipynb", ".md")), page
