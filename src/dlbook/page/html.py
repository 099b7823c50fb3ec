"""An explorer's HTML: native controls, a picture for readers without JavaScript, the words."""

import html
import json

from dlbook.explore.arrays import decoded
from dlbook.explore.pack import to_json
from dlbook.page.picture import svg_picture
from dlbook.page.training_html import buttons_html, code_html, points_html, weights_html

ESCAPE = html.escape


def explorer_html(explorer: dict, docname: str, to_root: str) -> str:
    """The `<figure>` of a packed explorer (without its data) on the page `docname`.

    `to_root` leads from that page to the book's folder ("../" a level).
    """
    name, version = explorer["name"], explorer["version"]
    source = f"{to_root}_static/dlbook/data/{docname}/{name}.js?v={version}"
    figure = explorer["figure"]
    status = figure["layout"]["meta"]["status"]
    height = figure["layout"].get("height", 380)
    spec = _script_json(_without_moving(explorer))
    kind = "dlbook-explorer dlbook-training" if "run" in explorer else "dlbook-explorer"
    return f"""
<figure class="{kind}" id="explorer-{name}" data-name="{name}"
  data-key="{ESCAPE(docname)}/{name}@{version}" data-src="{ESCAPE(source)}">
  {_predict_html(explorer)}
  <div class="explorer-body">
    <div class="explorer-controls" role="group" aria-label="Controls of the figure below">
      {_controls_html(explorer)}
      {points_html(explorer)}
      {weights_html(explorer)}
    </div>
    {_bar_html(explorer)}
    <div class="explorer-plot" role="img" aria-label="{ESCAPE(explorer["alt"])}"
      style="min-height:{height}px">{svg_picture(figure)}</div>
    <p class="explorer-status" role="status">{ESCAPE(status)}</p>
    {code_html(explorer)}
  </div>
  <noscript><p>The controls need JavaScript; the picture shows how the figure starts.</p></noscript>
  <figcaption>{ESCAPE(explorer["caption"])}</figcaption>
  <script type="application/json" class="explorer-spec">{spec}</script>
</figure>"""


def plotly_html(figure: dict) -> str:
    """A plain plotly figure that the shared bundle draws, with a picture until then."""
    figure = to_json(decoded({"data": figure["data"], "layout": figure["layout"]}))
    figure["layout"].pop("template", None)
    alt = (figure["layout"].get("meta") or {}).get("status", "")
    words = f'role="img" aria-label="{ESCAPE(alt)}"' if alt else ""
    height = figure["layout"].get("height", 380)
    return (
        f'<div class="dlbook-plotly"><div class="explorer-plot" {words}'
        f' style="min-height:{height}px">{svg_picture(figure)}</div>'
        f'<script type="application/json">{_script_json(figure)}</script></div>'
    )


def _controls_html(explorer: dict) -> str:
    """The controls but those at hand; those that are rarely wanted folded away."""
    run = explorer.get("run", {})
    folded, at_hand = run.get("folded", []), run.get("atHand", [])
    html_of = {c["name"]: _control_html(explorer["name"], c) for c in explorer["controls"]}
    shown = "".join(c for name, c in html_of.items() if name not in (*folded, *at_hand))
    if not folded:
        return shown
    more = "".join(html_of[name] for name in folded)
    return f'{shown}<details class="explorer-more"><summary>More settings</summary>{more}</details>'


def _bar_html(explorer: dict) -> str:
    """The buttons, and the controls at hand: in a training explorer they stay in sight."""
    run, name = explorer.get("run"), explorer["name"]
    at_hand = [c for c in explorer["controls"] if run and c["name"] in run["atHand"]]
    kind = "explorer-bar explorer-sticky" if at_hand else "explorer-bar"
    return f"""<div class="{kind}" role="group" aria-label="Run">
      {"".join(_control_html(name, c) for c in at_hand)}
      <div class="explorer-buttons">{buttons_html(explorer) if run else ""}
        <button type="button" class="explorer-reset" disabled>Reset</button>
      </div></div>"""


def _control_html(explorer: str, control: dict) -> str:
    identity = f"{explorer}.{control['name']}"  # a dot: no heading and no explorer has one
    start, unit = control["default"], control["unit"]
    text = ESCAPE(control["texts"][start] + (f" {unit}" if unit else ""))
    kinds = {"range": _range_html, "choice": _choice_html, "toggle": _toggle_html}
    widget = (kinds | {"subset": _subset_html})[control["kind"]]
    play = ""
    if control["interval"]:
        play = (
            f'<button type="button" class="explorer-play" disabled aria-pressed="false"'
            f' aria-label="Play {ESCAPE(control["label"])}">▶</button>'
        )
    label = f'<label for="{identity}">{ESCAPE(control["label"])}</label>'
    if control["kind"] == "subset":  # each of its boxes has a label
        label = f'<span id="{identity}-name">{ESCAPE(control["label"])}</span>'
    return f"""<div class="explorer-control" data-setting="{control["name"]}">
      {label}{play}
      {widget(identity, control)}
      <output for="{identity}">{text}</output>
      <span class="explorer-note" id="{identity}-note" hidden>no effect here</span>
    </div>"""


def _range_html(identity: str, control: dict) -> str:
    return (
        f'<input type="range" id="{identity}" min="0" max="{len(control["texts"]) - 1}" step="1"'
        f' value="{control["default"]}" disabled autocomplete="off">'
    )


def _choice_html(identity: str, control: dict) -> str:
    selected = {control["default"]: " selected"}
    options = "".join(
        f'<option value="{i}"{selected.get(i, "")}>{ESCAPE(text)}</option>'
        for i, text in enumerate(control["texts"])
    )
    return f'<select id="{identity}" disabled autocomplete="off">{options}</select>'


def _toggle_html(identity: str, control: dict) -> str:
    checked = " checked" if control["default"] else ""
    return f'<input type="checkbox" id="{identity}"{checked} disabled autocomplete="off">'


def _subset_html(identity: str, control: dict) -> str:
    boxes = "".join(
        f'<label><input type="checkbox" value="{bit}"{checked} disabled autocomplete="off">'
        f" {ESCAPE(name)}</label>"
        for bit, name in enumerate(control["members"])
        for checked in [" checked" if control["default"] >> bit & 1 else ""]
    )
    named = f'role="group" aria-labelledby="{identity}-name"'
    return f'<span class="explorer-subset" {named}>{boxes}</span>'


def _predict_html(explorer: dict) -> str:
    """The question that comes before the figure; hidden until the script is there to ask it."""
    predict = explorer["predict"]
    if not predict:
        return ""
    name = f"{explorer['name']}-predict"
    options = "".join(
        f'<label><input type="radio" name="{name}" value="{i}"> {ESCAPE(option)}</label>'
        for i, option in enumerate(predict["options"])
    )
    return f"""<div class="explorer-predict" hidden>
    <fieldset><legend>Predict first. {ESCAPE(predict["question"])}</legend>{options}</fieldset>
    <button type="button" class="explorer-skip">Just show me</button>
    <p class="explorer-answer" role="status"></p></div>"""


def _without_moving(explorer: dict) -> dict:
    """The explorer without the leaves that its table, or its training, delivers anyway."""
    explorer = {key: explorer[key] for key in explorer if key not in ("caption", "alt")}
    explorer["figure"] = json.loads(json.dumps(explorer["figure"]))
    moving = [field["path"] for field in explorer.get("fields", ())]
    if run := explorer.get("run"):
        moving += [slot["path"] for slot in run["slots"]]
        moving += [["data", curve["trace"], axis] for curve in run["curves"] for axis in "xy"]
    for path in moving:
        _remove(explorer["figure"], path)
    return explorer


def _remove(parent: dict, path: list):
    """Take the leaf at `path` out; it need not be there at the default settings."""
    for key in path[:-1]:
        if isinstance(parent, dict) and key not in parent:
            return
        parent = parent[key]
    parent.pop(path[-1], None)


def _script_json(content: dict) -> str:
    """JSON inside a script element: no "<", so nothing in it can end or nest a script."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c")
