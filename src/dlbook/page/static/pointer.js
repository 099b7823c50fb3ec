/* Where a pointer is in the panels of a figure, and what counts as a click or a tap. */
(() => {
  const STILL = 8; // pixels that a finger may slip in a tap

  /* The place of an event in a panel, "" for the first, "2", ...: in the units of its axes, x and y,
     and in pixels. Null outside. */
  function placeIn(canvas, panel, { clientX, clientY }) {
    const { [`xaxis${panel}`]: xaxis, [`yaxis${panel}`]: yaxis } = canvas._fullLayout;
    const box = canvas.getBoundingClientRect();
    const px = clientX - box.left - xaxis._offset, py = clientY - box.top - yaxis._offset;
    if (px < 0 || px > xaxis._length || py < 0 || py > yaxis._length) return null;
    return { x: xaxis.p2d(px), y: yaxis.p2d(py), px, py, xaxis, yaxis };
  }

  /* `act(event)` after a click or a tap on the canvas. */
  function onTap(canvas, act) {
    let pressed = null;
    canvas.addEventListener("pointerdown", (event) => { pressed = event; });
    addEventListener("pointerup", (event) => { // plotly may lay a cover over the figure meanwhile
      const still = pressed && Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) < STILL;
      pressed = null;
      if (still && event.isPrimary && !event.button) act(event);
    });
  }

  /* Pixels from a place to a straight line between two others. */
  function distance(px, py, [ax, ay], [bx, by]) {
    const dx = bx - ax, dy = by - ay;
    const along = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1)));
    return Math.hypot(px - ax - along * dx, py - ay - along * dy);
  }

  DLBOOK.pointer = { placeIn, onTap, distance };
})();
