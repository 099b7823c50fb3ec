"""The built book: explorers as HTML, their data and scripts as files, nothing from other hosts.

A Sphinx extension. `render` turns the outputs of cells into HTML, `html` and `picture` write it,
`assets` puts scripts, styles and data where the pages find them, `execution` keeps the cache of
executed notebooks true. Figures come from packed tables (`static/unpack.js`) or from compiled
programs (`static/run.js`); both give the same leaves to the same drawing code.
"""

from sphinx.application import Sphinx

from dlbook.page import assets, execution


def setup(app: Sphinx) -> dict:
    """Connect the extension; named in `_config.yml` as `dlbook.page`."""
    execution.connect(app)
    assets.connect(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
