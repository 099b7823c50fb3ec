/* The reader's own points: added by a click into the figure, dragged there, or set by the fields
   below the controls. */
(() => {
  const NEAR = 14; // pixels from a point at which it is taken hold of
  const word = ({ x1, x2, label }) => [x1, x2, label].map((n) => String(n)).join("_");

  function parsed(text, { limit, classes, most }) {
    const points = (text ?? "").split("*").map((part) => {
      const [x1, x2, label] = part.split("_").map(Number);
      return { x1, x2, label };
    });
    const good = ({ x1, x2, label }) => Math.abs(x1) <= limit && Math.abs(x2) <= limit && label in classes;
    return text ? points.filter(good).slice(0, most) : [];
  }

  const isInside = ({ value, validity }) => value !== "" && !validity.rangeUnderflow && !validity.rangeOverflow;
  const rounded = (value) => Number(value.toFixed(2));

  /* `spec`: classes, limit, most, start; `onChange` is called after every change. */
  DLBOOK.OwnPoints = class {
    constructor(root, name, spec, onChange) {
      Object.assign(this, { spec, onChange, key: `${name}.points`, chosen: -1 }); // -1: a new point
      const find = (part) => root.querySelector(`.explorer-points-${part}`);
      const parts = ["which", "label", "x1", "x2", "add", "drop", "count", "said"];
      this.fields = Object.fromEntries(parts.map((part) => [part, find(part)]));
      const { which, label, x1, x2, add, drop } = this.fields;
      which.addEventListener("input", () => this.choose(Number(which.value)));
      for (const field of [label, x1, x2]) field.addEventListener("input", () => this.follow());
      add.addEventListener("click", () => this.addFromFields());
      for (const field of [x1, x2])
        field.addEventListener("keydown", ({ key }) => { if (key === "Enter" && this.chosen < 0) this.addFromFields(); });
      drop.addEventListener("click", () => this.drop());
      find("clear").addEventListener("click", () => this.set([], "All of your own points are removed."));
      this.read();
    }

    read() {
      const text = DLBOOK.address.get(this.key);
      this.list = text === null ? this.spec.start : parsed(text, this.spec);
      this.choose(-1);
    }

    /* In the address only where they differ from the points at the start. */
    write() {
      const text = this.list.map(word).join("*"), start = this.spec.start.map(word).join("*");
      DLBOOK.address.put(this.key, text === start ? null : text);
    }

    set(list, words) {
      this.list = list;
      this.choose(Math.min(this.chosen, list.length - 1));
      this.fields.said.textContent = words;
      this.onChange();
    }

    reset() {
      this.list = this.spec.start;
      this.choose(-1);
    }

    add(x1, x2) {
      const { limit, most } = this.spec;
      if (!(Math.abs(x1) <= limit && Math.abs(x2) <= limit) || this.list.length >= most) return;
      const point = { x1: rounded(x1), x2: rounded(x2), label: Number(this.fields.label.value) };
      this.set([...this.list, point], `Point ${this.list.length + 1} added at (${point.x1}, ${point.x2}).`);
    }

    addFromFields() {
      const { x1, x2 } = this.fields;
      if (isInside(x1) && isInside(x2)) this.add(Number(x1.value), Number(x2.value));
    }

    /* Remove the chosen point, or the last. */
    drop() {
      const at = this.chosen < 0 ? this.list.length - 1 : this.chosen;
      if (at < 0) return;
      this.chosen = -1;
      this.set(this.list.filter((_, k) => k !== at), `Point ${at + 1} removed.`);
    }

    /* The fields are those of a point, or of a new one. */
    choose(at) {
      const { which, label, x1, x2, add, count } = this.fields;
      const names = ["a new one", ...this.list.map((point, k) => `${k + 1} at (${point.x1}, ${point.x2})`)];
      which.replaceChildren(...names.map((name, k) => new Option(name, k - 1, false, k - 1 === at)));
      this.chosen = at;
      add.hidden = at >= 0;
      count.textContent = `${this.list.length} of ${this.spec.most}`;
      const point = this.list[at];
      if (!point) return;
      label.value = point.label;
      for (const [field, value] of [[x1, point.x1], [x2, point.x2]])
        if (field !== document.activeElement || Number(field.value) !== value) field.value = value;
    }

    /* The chosen point goes where the fields say. */
    follow() {
      const { label, x1, x2 } = this.fields;
      if (this.chosen < 0 || !isInside(x1) || !isInside(x2)) return;
      this.move(Number(x1.value), Number(x2.value), Number(label.value));
    }

    move(x1, x2, label = this.list[this.chosen].label) {
      const { limit } = this.spec, inside = (x) => rounded(Math.max(-limit, Math.min(limit, x)));
      const point = { x1: inside(x1), x2: inside(x2), label };
      const list = this.list.map((old, k) => (k === this.chosen ? point : old));
      this.set(list, `Point ${this.chosen + 1} is at (${point.x1}, ${point.x2}).`);
    }

    /* The number of the point at an event's place in the first panel; -1 where there is none. */
    at(canvas, event) {
      const place = DLBOOK.pointer.placeIn(canvas, "", event);
      if (!place) return -1;
      const far = this.list.map(({ x1, x2 }) =>
        Math.hypot(place.xaxis.d2p(x1) - place.px, place.yaxis.d2p(x2) - place.py));
      const nearest = far.indexOf(Math.min(...far));
      return far[nearest] < NEAR ? nearest : -1;
    }

    /* A click or a tap into the first panel adds a point; one of the reader's own is dragged. */
    listen(canvas, drawing) {
      if (this.spec.stroke) return this.listenForStrokes(canvas, drawing);
      let held = false;
      canvas.addEventListener("touchstart", (event) => { // the page must not scroll meanwhile
        if (this.at(canvas, event.touches[0]) >= 0) event.preventDefault();
      }, { passive: false });
      canvas.addEventListener("pointerdown", (event) => {
        const at = event.isPrimary && !event.button ? this.at(canvas, event) : -1;
        held = at >= 0;
        drawing.held = held;
        if (held) this.choose(at);
      }, true);
      addEventListener("pointermove", (event) => {
        const place = held && this.chosen >= 0 && DLBOOK.pointer.placeIn(canvas, "", event);
        if (place) this.move(place.x, place.y);
      });
      for (const end of ["pointerup", "pointercancel"]) 
        addEventListener(end, () => { setTimeout(() => { held = drawing.held = false; }); });
      DLBOOK.pointer.onTap(canvas, (event) => {
        const place = !held && DLBOOK.pointer.placeIn(canvas, "", event);
        if (place) this.add(place.x, place.y);
      });
    }

    /* A drag through the first panel adds a point wherever it has gone as far as `spec.stroke`. */
    listenForStrokes(canvas, drawing) {
      let last = null; // where the stroke added a point
      const inside = (event) => {
        const place = DLBOOK.pointer.placeIn(canvas, "", event);
        return place && [place.x, place.y];
      };
      canvas.addEventListener("pointerdown", (event) => {
        if (!event.isPrimary || event.button || !(last = inside(event))) return;
        drawing.held = true; // plotly catches up when the stroke has ended
        this.add(...last);
      });
      addEventListener("pointermove", (event) => {
        if (!last || !event.isPrimary) return;
        for (const each of event.getCoalescedEvents?.() ?? [event]) last = this.drawTo(last, inside(each));
      });
      for (const end of ["pointerup", "pointercancel"])
        addEventListener(end, () => { last = null; drawing.held = false; });
    }

    /* Points on the way from `last` to `place`, a stroke's distance apart; the place of the last. */
    drawTo(last, place) {
      if (!place) return last;
      const { stroke } = this.spec, way = [place[0] - last[0], place[1] - last[1]];
      const length = Math.hypot(...way), count = Math.floor(length / stroke);
      for (let k = 1; k <= count; k++)
        this.add(...way.map((part, axis) => last[axis] + (part * k * stroke) / length));
      return count ? way.map((part, axis) => last[axis] + (part * count * stroke) / length) : last;
    }

    rows() { return this.list.map(({ x1, x2, label }) => [x1, x2, label]); }
  };
})();
