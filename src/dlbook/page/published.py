"""Where the book is published: the Pages of its repository, unless `_config.yml` says otherwise.

A Sphinx extension. Site map, canonical links and previews need the address, and so the address
of the repository stands in one place only.
"""

from urllib.parse import urlsplit

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Connect the extension; named in `_config.yml`."""
    app.connect("config-inited", _set_address, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def pages_address(repository: str) -> str:
    """The address of the Pages of a repository.

    >>> pages_address("https://github.com/someone/some-book")
    'https://someone.github.io/some-book/'
    """
    owner, name = urlsplit(repository).path.strip("/").split("/")
    return f"https://{owner}.github.io/{name}/"


def _set_address(app: Sphinx, config):
    if not config.html_baseurl:
        config.html_baseurl = pages_address(config.html_theme_options["repository_url"])
    if not config.ogp_site_url:
        config.ogp_site_url = config.html_baseurl
