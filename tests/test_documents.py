"""What the documents say of the code is so."""

import re
from pathlib import Path

import pytest
import yaml

from dlbook.explore import Explorer

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = re.compile(r"\bDLBOOK_[A-Z_]+\b")


def _sources() -> list[Path]:
    folders = [ROOT / "src", ROOT / "ci", ROOT / ".github", ROOT / "binder"]
    return [path for folder in folders for path in folder.rglob("*") if _is_source(path)]


def _is_source(path: Path) -> bool:
    return path.suffix in {".py", ".yml", ".yaml", ".js"} and path.is_file()


def test_every_environment_variable_is_documented():
    used = {name for path in _sources() for name in VARIABLE.findall(path.read_text("utf-8"))}
    documented = set(VARIABLE.findall((ROOT / "book/environment.md").read_text("utf-8")))
    assert used == documented


def _python_blocks(document: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / document).read_text("utf-8"), re.DOTALL)


def test_the_explorer_in_the_readme_works():
    block = next(block for block in _python_blocks("README.md") if "Explorer(" in block)
    *lines, call = block.split("\n\n")
    names = {}
    exec("\n".join(lines), names)
    explorer = eval(call.strip(), names)
    assert isinstance(explorer, Explorer)
    assert explorer.figure().data


def test_imports_in_the_readme_work():
    for block in _python_blocks("README.md"):
        for line in block.splitlines():
            if line.startswith("from dlbook"):
                exec(line, {})


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_links_and_paths_in_documents_exist(document):
    text = (ROOT / document).read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    paths = re.findall(r"`((?:book|ci|src|tests)/[\w./]+\.\w+)`", text)
    assert links
    for path in links + paths:
        assert (ROOT / path).exists() or "<" in path or path == "book/part/page.ipynb", path


def test_citation_file_has_what_the_format_requires():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert all(citation.get(key) for key in ("message", "title", "authors"))
    assert citation["type"] in {"software", "dataset"}
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert citation["version"] == version[1]


def test_reference_keys_are_unique_and_complete():
    text = (ROOT / "book/references.bib").read_text("utf-8")
    entries = re.findall(r"@(\w+)\{([^,]+),(.*?)\n\}", text, re.DOTALL)
    keys = [key for _, key, _ in entries]
    assert len(keys) == text.count("\n@") + text.startswith("@")
    assert len(keys) == len(set(keys))
    for kind, key, fields in entries:
        assert all(f"{field} = " in fields for field in ("author", "title", "year")), key
        if kind == "article":
            assert "journal = " in fields, key


def test_every_reference_is_cited():
    keys = set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "book/references.bib").read_text(), re.M))
    pages = [*ROOT.glob("book/**/*.md"), *ROOT.glob("book/**/*.ipynb")]
    text = "".join(page.read_text("utf-8") for page in pages)
    cited = {
        key for keys in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", text) for key in keys.split(",")
    }
    assert keys == {key.strip() for key in cited}


def test_every_deck_is_in_the_bibliography():
    decks = yaml.safe_load((ROOT / "book/coverage.yml").read_text("utf-8"))["decks"]
    text = (ROOT / "book/bibliography.md").read_text("utf-8")
    references = (ROOT / "book/references.bib").read_text("utf-8")
    for deck in decks.values():
        assert f"`{deck['key']}`" in text
        assert f"{{{deck['key']}," in references


def test_every_glossary_term_is_defined_once_and_in_order():
    text = (ROOT / "book/glossary.md").read_text("utf-8")
    body = text.split("```{glossary}\n")[1].split("```")[0]
    terms = [line for line in body.splitlines() if line and not line.startswith(" ")]
    assert len(terms) > 50
    assert len(set(terms)) == len(terms)
    assert [term.casefold() for term in terms] == sorted(term.casefold() for term in terms)


def test_the_address_of_the_repository_stands_in_one_file():
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    address = config["repository"]["url"].removeprefix("https://github.com/")
    for name in ("README.md", "CONTRIBUTING.md", "CITATION.cff", "pyproject.toml"):
        assert address not in (ROOT / name).read_text("utf-8"), name
