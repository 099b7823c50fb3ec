"""Build the book: `python3 ci/build.py`, with `--open` to read it at once.

Makes a Python environment in .venv (or uses the active one with --no-venv), installs what is
needed and writes the book to _build/html. Run again after a change, it does only what is new.
"""

import argparse
import sys
import webbrowser

from console import ending_clearly, require_python, say


def main():
    """Set up, build, and say where the book is."""
    require_python()
    import book_build
    import environment

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    environment.add_arguments(parser)
    book_build.add_arguments(parser)
    parser.add_argument("--open", action="store_true", help="open the book in the browser")
    arguments = parser.parse_args()
    page = book_build.build_book(environment.prepare(arguments), node=not arguments.no_node)
    say(f"\nThe book is at {page}")
    if arguments.open:
        webbrowser.open(page.as_uri())


if __name__ == "__main__":
    sys.exit(ending_clearly(main))
