/* Places in the figure that choose a value of a setting: under the pointer for a moment, with a
   click or a tap for good; a second one takes it back. */
(() => {
  DLBOOK.Tiles = class {
    constructor(explorer) {
      const { spec } = explorer, { setting } = spec.run.tiles;
      Object.assign(this, { explorer, spec: spec.run.tiles, over: null });
      this.control = spec.controls.findIndex(({ name }) => name === setting);
      this.options = explorer.controls.inputs[this.control].options;
    }

    /* Only what the drawing has can be chosen: its tile is no gap. */
    refresh() {
      const { x: xs, y: ys, z } = this.explorer.spec.figure.data[this.spec.trace];
      const index = (value, places) => Math.round((value - places[0]) / (places[1] - places[0]));
      this.there = new Set();
      for (const [position, x, y] of this.spec.places) {
        const there = Number.isFinite(z[index(y, ys)]?.[index(x, xs)]);
        if (there) this.there.add(position);
        this.options[position].disabled = !there;
      }
    }

    /* The position of the setting whose tile is at an event's place, or null. */
    at(canvas, event) {
      const place = DLBOOK.pointer.placeIn(canvas, this.spec.panel, event), [width, height] = this.spec.half;
      const tile = place && this.spec.places.find(([position, x, y]) => this.there.has(position)
        && Math.abs(place.x - x) <= width && Math.abs(place.y - y) <= height);
      return tile ? tile[0] : null;
    }

    listen(canvas) {
      canvas.addEventListener("pointermove", (event) => {
        if (event.pointerType !== "touch") this.peek(this.at(canvas, event));
      });
      canvas.addEventListener("pointerleave", () => this.peek(null));
      DLBOOK.pointer.onTap(canvas, (event) => {
        const position = this.at(canvas, event), { controls } = this.explorer;
        if (position === null) return;
        const next = [...controls.position];
        next[this.control] = next[this.control] === position ? controls.controls[this.control].default : position;
        controls.set(next);
      });
    }

    peek(position) {
      if (position === this.over) return;
      this.over = position;
      const { values, name } = this.explorer.spec.controls[this.control];
      this.explorer.run.peek(name, position === null ? null : values[position]);
      if (!this.explorer.scheduler.running) this.explorer.show();
    }
  };
})();
