"""What only training explorers have in a page: buttons, the reader's own points, weights that are
set by hand, notebook code."""

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
    """The fields that add points to the data and move them, where readers may."""
    points = explorer.get("run", {}).get("points")
    if not points:
        return ""
    options = "".join(
        f'<option value="{label}">{html.escape(words)}</option>'
        for label, words in enumerate(points["classes"])
    )
    limit, most = points["limit"], points["most"]
    fields = "".join(
        f"""<label>{words} <input type="number" class="explorer-points-{name}" value="0" step="0.05"
          min="{-limit}" max="{limit}" required disabled autocomplete="off"></label>"""
        for name, words in (("x1", "x₁"), ("x2", "x₂"))
    )
    buttons = _buttons("points", ("add", "Add"), ("drop", "Remove"), ("clear", "Remove all"))
    count = f'<span class="explorer-points-count">0 of {most}</span>'
    thing, kind, way = "points", "class", "Click into the map to add one, drag it to move it"
    attributes = 'class="explorer-points"'
    if points["stroke"]:
        thing, kind, way = "marks", "tool", "Draw into the first picture"
        attributes = 'class="explorer-points explorer-strokes" open'
    return f"""<details {attributes}>
      <summary>Your own {thing} ({count})</summary>
      <p>{way}, or use these fields.</p>
      <div class="explorer-fields">
      <label>{thing[:-1]} <select class="explorer-points-which" disabled autocomplete="off">
        <option value="-1">a new one</option></select></label>
      <label>{kind} <select class="explorer-points-label" disabled autocomplete="off">{options}
        </select></label>
      {fields}{buttons}</div>
      <p class="explorer-points-said explorer-said" role="status"></p></details>"""


def weights_html(explorer: dict) -> str:
    """The fields that set a weight by hand, where readers may; the page fills in the network."""
    weights = explorer.get("run", {}).get("weights")
    if not weights:
        return ""
    selects = "".join(
        f"""<label>{words} <select class="explorer-weights-{name}" disabled
          autocomplete="off"></select></label>"""
        for name, words in (("unit", "weight into"), ("source", "from"))
    )
    return f"""<details class="explorer-weights">
      <summary>Set a weight by hand (<span class="explorer-weights-count">0</span> set)</summary>
      <p>Click a line of the network, or choose here; training goes on from your value.</p>
      <div class="explorer-fields">{selects}
      <label>value <input type="number" class="explorer-weights-value" step="0.1" required disabled
        autocomplete="off"></label>
      {_buttons("weights", ("undo", "Start over without them"))}</div>
      <p class="explorer-weights-said explorer-said" role="status"></p></details>"""


def _buttons(group: str, *words: tuple[str, str]) -> str:
    return "".join(
        f'<button type="button" class="explorer-{group}-{name}" disabled>{text}</button>'
        for name, text in words
    )


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
