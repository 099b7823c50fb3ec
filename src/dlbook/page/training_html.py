"""What only training explorers have in a page: buttons, the reader's own points, notebook code."""

import html

from dlbook.explore.training_explorer import SPEEDS

BUTTONS = """
        <button type="button" class="explorer-train" disabled aria-pressed="false">▶ Train</button>
        <button type="button" class="explorer-step" disabled>One step</button>
        <button type="button" class="explorer-restart" disabled>Start over</button>
        <label>Speed <select class="explorer-speed" disabled autocomplete="off">{speeds}
          </select></label>"""


def buttons_html(explorer: dict) -> str:
    """What runs the training."""
    chosen = explorer["run"]["speed"]
    speeds = "".join(
        f'<option value="{speed}"{" selected" * (speed == chosen)}>{words}</option>'
        for speed, words in SPEEDS.items()
    )
    return BUTTONS.format(speeds=speeds)


def points_html(explorer: dict) -> str:
    """The fields that add points to the data, where readers may."""
    points = explorer.get("run", {}).get("points")
    if not points:
        return ""
    options = "".join(
        f'<option value="{label}">{html.escape(words)}</option>'
        for label, words in enumerate(points["classes"])
    )
    limit, most = points["limit"], points["most"]
    fields = "".join(
        f"""<label>{words} <input type="number" class="explorer-points-{name}" value="0" step="any"
          min="{-limit}" max="{limit}" required disabled autocomplete="off"></label>"""
        for name, words in (("x1", "x₁"), ("x2", "x₂"))
    )
    buttons = "".join(
        f'<button type="button" class="explorer-points-{name}" disabled>{words}</button>'
        for name, words in (("add", "Add"), ("drop", "Remove last"), ("clear", "Remove all"))
    )
    count = f'<output class="explorer-points-count">0 of {most}</output>'
    return f"""<fieldset class="explorer-points">
      <legend>Your own points ({count}): click into the map, or</legend>
      <label>class <select class="explorer-points-label" disabled autocomplete="off">{options}
        </select></label>
      {fields}{buttons}</fieldset>"""


def code_html(explorer: dict) -> str:
    """Lines of Python that show the same in a notebook; the page keeps them up to date."""
    code = explorer.get("run", {}).get("code")
    if not code:
        return ""
    return f"""<details class="explorer-code">
      <summary>Open this in a notebook, with these settings</summary>
      <p>Start this page's notebook (rocket button above, or download it and run it where the book
      is installed) and put this into a cell:</p>
      <pre><code>{html.escape(code["text"])}</code></pre>
      <button type="button" class="explorer-copy" disabled>Copy</button></details>"""
