/* The reader's own points: added by a click into the figure or by the fields below the controls. */
(() => {
  const word = ({ x1, x2, label }) => [x1, x2, label].map((n) => String(n)).join("_");

  function parsed(text, { limit, classes, most }) {
    const points = (text ?? "").split("*").map((part) => {
      const [x1, x2, label] = part.split("_").map(Number);
      return { x1, x2, label };
    });
    const good = ({ x1, x2, label }) => Math.abs(x1) <= limit && Math.abs(x2) <= limit && label in classes;
    return text ? points.filter(good).slice(0, most) : [];
  }

  /* Where an event lies in the panel of the first axes, in data units; null outside. */
  function inside(canvas, event) {
    const { xaxis, yaxis } = canvas._fullLayout, place = canvas.getBoundingClientRect();
    const px = event.clientX - place.left - xaxis._offset, py = event.clientY - place.top - yaxis._offset;
    const within = px >= 0 && px <= xaxis._length && py >= 0 && py <= yaxis._length;
    return within ? [xaxis.p2d(px), yaxis.p2d(py)] : null;
  }

  const rounded = (value) => Number(value.toFixed(2));

  /* `spec`: classes, limit, most, start; `onChange` is called after every change. */
  DLBOOK.OwnPoints = class {
    constructor(root, name, spec, onChange) {
      Object.assign(this, { spec, onChange, key: `${name}.points` });
      const find = (part) => root.querySelector(`.explorer-points-${part}`);
      this.fields = Object.fromEntries(["label", "x1", "x2", "count"].map((part) => [part, find(part)]));
      find("add").addEventListener("click", () => this.addFromFields());
      for (const part of ["x1", "x2"])
        find(part).addEventListener("keydown", (event) => { if (event.key === "Enter") this.addFromFields(); });
      find("drop").addEventListener("click", () => this.set(this.list.slice(0, -1)));
      find("clear").addEventListener("click", () => this.set([]));
      this.read();
    }

    read() {
      const text = DLBOOK.address.get(this.key);
      this.list = text === null ? this.spec.start : parsed(text, this.spec);
      this.count();
    }

    /* In the address only where they differ from the points at the start. */
    write() {
      const text = this.list.map(word).join("*"), start = this.spec.start.map(word).join("*");
      DLBOOK.address.put(this.key, text === start ? null : text);
    }

    set(list) {
      this.list = list;
      this.count();
      this.onChange();
    }

    reset() {
      this.list = this.spec.start;
      this.count();
    }

    add(x1, x2) {
      const { limit, most } = this.spec;
      if (!(Math.abs(x1) <= limit && Math.abs(x2) <= limit) || this.list.length >= most) return;
      this.set([...this.list, { x1: rounded(x1), x2: rounded(x2), label: Number(this.fields.label.value) }]);
    }

    addFromFields() {
      const { x1, x2 } = this.fields;
      if (x1.reportValidity() && x2.reportValidity()) this.add(Number(x1.value), Number(x2.value));
    }

    count() { this.fields.count.textContent = `${this.list.length} of ${this.spec.most}`; }

    /* A click or a tap into the panel of the first axes adds a point there; where `spec.stroke` is
       a distance, so does a drag, whenever it has gone that far. */
    listen(drawing) {
      let pressed = null, last = null; // last: where the stroke added a point
      const canvas = drawing.plot, { stroke } = this.spec;
      canvas.addEventListener("pointerdown", (event) => {
        if (!event.isPrimary || event.button) return;
        pressed = event;
        if (!stroke || !(last = inside(canvas, event))) return;
        drawing.held = true; // plotly catches up when the stroke has ended
        this.add(...last);
      });
      addEventListener("pointermove", (event) => {
        if (!last || !event.isPrimary) return;
        for (const each of event.getCoalescedEvents?.() ?? [event]) last = this.drag(last, inside(canvas, each));
      });
      addEventListener("pointerup", (event) => { // plotly may lay a cover over the figure meanwhile
        const still = pressed && Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) < 8;
        pressed = last = null;
        drawing.held = false;
        const place = still && !stroke && event.isPrimary && !event.button && inside(canvas, event);
        if (place) this.add(...place);
      });
      addEventListener("pointercancel", () => { pressed = last = null; drawing.held = false; });
    }

    /* Points on the way from `last` to `place`, a stroke's distance apart; the place of the last. */
    drag(last, place) {
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
