"""The control of a subset with a kernel: a check box for each member."""

from collections.abc import Sequence

import ipywidgets as widgets
from traitlets import Int


class SubsetBox(widgets.HBox):
    """Check boxes in a row; `value` has a bit for each."""

    value = Int()

    def __init__(self, members: Sequence[str], value: int, description: str):
        name = widgets.Label(description, layout={"width": "11em"})
        narrow = {"layout": {"width": "auto"}, "style": {"description_width": "0"}}
        self.boxes = [widgets.Checkbox(description=member, **narrow) for member in members]
        super().__init__([name, *self.boxes], layout={"flex_flow": "row wrap"})
        self.showing = False
        self.observe(self._show, names="value")
        for box in self.boxes:
            box.observe(self._follow, names="value")
        self.value = value

    def _show(self, change):
        self.showing = True
        for bit, box in enumerate(self.boxes):
            box.value = bool(change["new"] >> bit & 1)
        self.showing = False

    def _follow(self, _):
        if not self.showing:
            self.value = sum(int(box.value) << bit for bit, box in enumerate(self.boxes))
