"""One training explorer in an open page: it trains, and every control makes a difference."""

from page_explorer import PageExplorer

STEPS = 30  # enough for a difference in the pictures of two runs
SLOW_MOVES = "(node) => node.dlbook.drawing.slowMoves"
TRAIN = """(node, steps) => {
  const { run } = node.dlbook;
  for (let k = 0; k < steps; k++) run.step();
  node.dlbook.show();
  return run.loss;
}"""
HIDDEN = "(node, setting) => node.querySelector(`[data-setting=${setting}]`).hidden"
# Gives the setting on which the hidden one depends the last value that shows it, if there is one.
BRING_OUT = """(node, setting) => {
  const { controls, spec } = node.dlbook, [other, values] = spec.run.needs[setting];
  if (!values.length) return false;
  const k = spec.controls.findIndex(({ name }) => name === other);
  const position = [...controls.position];
  position[k] = spec.controls[k].values.indexOf(values.at(-1));
  controls.set(position);
  return true;
}"""

TRAINED = """(name) => {
  const { run } = document.getElementById(`explorer-${name}`).dlbook;
  return run.numSteps > 50 || run.over;
}"""

# In the window: a place in the first panel of the figure, brought into view.
INSIDE_THE_PANEL = """(canvas) => {
  const { xaxis, yaxis } = canvas._fullLayout;
  const down = () => canvas.getBoundingClientRect().top + yaxis._offset + yaxis._length / 3;
  scrollBy(0, down() - innerHeight / 2);
  return [canvas.getBoundingClientRect().left + xaxis._offset + xaxis._length / 3, down()];
}"""


class PageTraining(PageExplorer):
    """A training explorer, driven through its controls and buttons."""

    def check(self) -> list[str]:
        """Problems of this explorer; leaves it at its defaults and at its start."""
        self.root.scroll_into_view_if_needed()
        problems = self.check_training()
        start = self.shown()
        for setting in self.settings:
            problems += self.check_control(setting, start)
            self.reset()
        if self.shown() != start:
            problems.append("the same settings do not give the same run again")
        if self.root.locator(".explorer-points").count():
            problems += self.check_points(start)
        if self.root.locator(".explorer-weights").count():
            problems += self.check_weights(start)
        self.root.evaluate(TRAIN, STEPS)
        problems += self.check_direct_drawing()
        self.start_over()
        return problems

    def check_control(self, setting: str, start: str) -> list[str]:
        """As for every explorer; a control that is hidden is first brought out."""
        if self.root.evaluate(HIDDEN, setting):
            if not self.root.evaluate(BRING_OUT, setting):
                return []
            self.settle()
            start = self.shown()
        return super().check_control(setting, start)

    def check_training(self) -> list[str]:
        """The button trains, the loss falls, and the button pauses, or the run comes to its end."""
        self.start_over()
        self.root.locator(".explorer-speed").select_option("even")
        first = self.root.evaluate(TRAIN, 1)
        self.root.evaluate("(node) => { node.dlbook.drawing.slowMoves = 0; }")
        button = self.root.locator(".explorer-train")
        button.click()
        self.page.wait_for_function(TRAINED, arg=self.name, timeout=20_000)
        if not self.root.evaluate("(node) => node.dlbook.run.over"):
            button.click()
        paused = self.steps_done()
        self.page.wait_for_timeout(100)
        problems = [] if self.steps_done() == paused else ["it goes on training when paused"]
        slow = self.root.evaluate(SLOW_MOVES)
        if slow:
            problems.append(f"{slow} pictures of the training were drawn by plotly, not directly")
        if not self.root.evaluate("(node) => node.dlbook.run.loss") < first:
            problems.append("the loss does not fall")
        return problems

    def check_points(self, start: str) -> list[str]:
        """Points can be added by keyboard and by a click, make a difference, and can be removed."""
        problems = []
        self.root.locator(".explorer-points-add").press("Enter")
        self.settle()
        if self.shown() == start:
            problems.append("a point of the reader's own makes no difference")
        canvas = self.root.locator(".explorer-canvas")
        canvas.scroll_into_view_if_needed()
        self.page.mouse.click(*canvas.evaluate(INSIDE_THE_PANEL))
        self.settle()
        count = self.root.locator(".explorer-points-count").text_content()
        if not count.startswith("2 of"):
            problems.append(f"a key and a click added {count} points")
        self.root.locator(".explorer-points-clear").press("Enter")
        self.settle()
        if self.shown() != start:
            problems.append("without the reader's own points the run is not what it was")
        return problems

    def check_weights(self, start: str) -> list[str]:
        """A weight can be set by keyboard, makes a difference, and can be taken back."""
        self.start_over()
        self.root.locator(".explorer-weights-value").fill("3")
        self.settle()
        problems = []
        if self.shown() == start:
            problems.append("a weight set by hand makes no difference")
        self.root.locator(".explorer-weights-undo").press("Enter")
        self.settle()
        if self.shown() != start:
            problems.append("without weights set by hand the run is not what it was")
        return problems

    def shown(self) -> str:
        """What a control must change: the picture after `STEPS` steps from the start."""
        self.start_over()
        self.root.evaluate(TRAIN, STEPS)
        self.redraw()  # what is drawn directly has other numbers of digits
        return self.picture()

    def start_over(self):
        """Click "Start over"."""
        self.root.locator(".explorer-restart").click()

    def steps_done(self) -> int:
        """How many steps the run has made."""
        return self.root.evaluate("(node) => node.dlbook.run.numSteps")
