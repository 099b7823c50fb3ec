/* Weights that the reader sets by hand: picked by a click on a line of the drawing, or in the fields
   below the controls. An edit is [step, name, unit, source, value], as in
   dlbook/compile/set_weights.py. */
(() => {
  const NEAR = 9, MOST = 50; // pixels from a line at which it is picked; edits, the last ones
  const NAME = /^\d+\.(weight|bias)$/;

  function parsed(text) {
    const edits = (text ?? "").split("*").map((part) => {
      const [step, name, ...numbers] = part.split("_");
      return [Number(step), name, ...numbers.map(Number)];
    });
    const good = ([step, name, unit, source, value]) => NAME.test(name)
      && [step, unit, source].every((n) => Number.isInteger(n) && n >= 0) && Number.isFinite(value);
    return text ? edits.filter(good).slice(-MOST) : [];
  }

  DLBOOK.SetWeights = class {
    constructor(explorer) {
      const { root, spec } = explorer;
      Object.assign(this, { explorer, spec: spec.run.weights, key: `${spec.name}.weights` });
      const find = (part) => root.querySelector(`.explorer-weights-${part}`);
      const parts = ["unit", "source", "value", "undo", "count", "said"];
      this.fields = Object.fromEntries(parts.map((part) => [part, find(part)]));
      this.box = root.querySelector(".explorer-weights");
      this.box.addEventListener("toggle", () => this.mark());
      const { unit, source, value, undo } = this.fields;
      unit.addEventListener("input", () => { this.fill(); this.refresh(); });
      source.addEventListener("input", () => this.refresh());
      value.addEventListener("input", () => this.set());
      undo.addEventListener("click", () => this.undo());
      this.read();
    }

    read() {
      const text = DLBOOK.address.get(this.key);
      this.list = text === null ? this.spec.start : parsed(text);
      this.count();
    }

    write() {
      const words = (list) => list.map((edit) => edit.join("_")).join("*");
      const text = words(this.list);
      DLBOOK.address.put(this.key, text === words(this.spec.start) ? null : text);
    }

    reset() {
      this.list = this.spec.start;
      this.fields.unit.value = this.fields.source.value = ""; // `fill` takes the first ones
      this.count();
      this.fill();
    }

    count() {
      this.fields.count.textContent = this.list.length;
      this.fields.undo.disabled = !this.list.length;
    }

    /* The fields for the network as it is now: units, then the weights of the chosen one. */
    fill() {
      const { unit, source } = this.fields, kept = [unit.value, source.value];
      const shapes = Object.entries(this.explorer.run.stages.step.shapes)
        .map(([name, shape]) => [name.match(/^params\.(\d+)\.weight$/)?.[1], shape])
        .filter(([first]) => first).map(([first, shape]) => [Number(first) / 2, shape]).sort(([a], [b]) => a - b);
      const last = shapes.at(-1)[0];
      const units = shapes.flatMap(([map, [rows]]) => Array.from({ length: rows }, (_, row) =>
        [map === last ? "the output" : `layer ${map + 1}, unit ${row + 1}`, `${map}.${row}`]));
      choices(unit, units, kept[0]);
      const map = Number(unit.value.split(".")[0]), given = Number(this.explorer.values()[this.spec.given]);
      const columns = Array.from({ length: shapes[map][1][1] }, (_, column) => column);
      const sources = columns.filter((column) => map || (given >> column) & 1)
        .map((column) => [map ? `layer ${map}, unit ${column + 1}` : this.spec.inputs[column], column]);
      choices(source, [...sources, ["its bias", "bias"]], kept[1]);
    }

    /* What the fields name: affine map, row, column, where its numbers are and which it is. */
    picked() {
      const [map, row] = this.fields.unit.value.split(".").map(Number), { value } = this.fields.source;
      const bias = value === "bias", column = bias ? 0 : Number(value);
      const name = `${2 * map}.${bias ? "bias" : "weight"}`, { inputs, shapes } = this.explorer.run.stages.step;
      const numbers = inputs[`params.${name}`], at = bias ? row : row * shapes[`params.${name}`][1] + column;
      return { map, row, column, bias, name, numbers, at };
    }

    /* Show the value of what is picked, except while it is being typed, and mark its line. All of it
       only while the fields are open. */
    refresh() {
      const { value } = this.fields, { numbers, at } = this.picked();
      const number = Number(numbers[at].toPrecision(3));
      if (value !== document.activeElement || Math.abs(Number(value.value) - numbers[at]) > 1e-3 * Math.abs(numbers[at]))
        value.value = number;
      this.mark();
    }

    mark() {
      const line = this.box.open && this.line(), { picked } = this.spec;
      const [x, y] = line ? [[line[3], line[5]], [line[4], line[6]]] : [[-9, -9], [-9, -9]];
      this.explorer.drawing?.change([[["data", picked, "x"], x], [["data", picked, "y"], y]]);
    }

    /* The line of what is picked. The last lines lead from the inputs straight to the output. */
    line() {
      const { map, row, column, bias } = this.picked(), { lines, inputs } = this.spec;
      const direct = this.explorer.run.stages.step.shapes["params.0.weight"][0] === 1
        && !this.explorer.run.stages.step.shapes["params.2.weight"];
      const among = direct ? lines.slice(-inputs.length) : lines.slice(0, -inputs.length);
      return bias ? null : among.find((one) => one[0] === map && one[1] === row && one[2] === column);
    }

    set() {
      const { value, said, unit, source } = this.fields, { explorer } = this, { run } = explorer;
      if (value.value === "" || !Number.isFinite(Number(value.value))) return;
      explorer.pause();
      const { name, row, column, numbers, at } = this.picked(), number = Number(value.value);
      const edit = [run.numSteps, name, row, column, number];
      this.list = [...this.list.filter((old) => String(old.slice(0, 4)) !== String(edit.slice(0, 4))), edit].slice(-MOST);
      numbers[at] = number;
      run.edits = this.list;
      this.count();
      const words = (select) => select.selectedOptions[0].textContent;
      said.textContent = `${words(unit)}, ${words(source)}: ${number} from step ${run.numSteps} on.`;
      explorer.show();
      explorer.rest();
    }

    /* Start over without them. */
    undo() {
      const { explorer } = this;
      this.list = [];
      this.count();
      explorer.pause();
      explorer.restart();
      explorer.show();
      explorer.rest();
      this.fields.said.textContent = "The run starts over with its own first weights.";
    }

    /* A click or a tap on a line picks its weight. */
    listen(canvas) {
      this.count();
      DLBOOK.pointer.onTap(canvas, (event) => {
        const line = this.at(canvas, event);
        if (!line) return;
        this.pick(line);
        if (event.pointerType === "mouse") this.fields.value.focus({ preventScroll: true });
      });
    }

    pick([map, row, column]) {
      this.box.open = true;
      this.fields.unit.value = `${map === this.lastMap() ? `${map}.0` : `${map}.${row}`}`;
      this.fill();
      this.fields.source.value = column;
      this.refresh();
    }

    lastMap() { return Number(this.fields.unit.options[this.fields.unit.options.length - 1].value.split(".")[0]); }

    /* The nearest line that is drawn. */
    at(canvas, event) {
      const panel = canvas._fullData[this.spec.traces[0]].xaxis.slice(1);
      const place = DLBOOK.pointer.placeIn(canvas, panel, event);
      if (!place) return null;
      const { px, py, xaxis, yaxis } = place, { data } = this.explorer.drawing.figure;
      const drawn = (k) => this.spec.traces.some((trace) => Number.isFinite(data[trace].y?.[3 * k]));
      const far = this.spec.lines.map(([, , , x0, y0, x1, y1], k) => (drawn(k)
        ? DLBOOK.pointer.distance(px, py, [xaxis.d2p(x0), yaxis.d2p(y0)], [xaxis.d2p(x1), yaxis.d2p(y1)]) : Infinity));
      const nearest = far.indexOf(Math.min(...far));
      return far[nearest] < NEAR ? this.spec.lines[nearest] : null;
    }
  };

  function choices(select, options, kept) {
    select.replaceChildren(...options.map(([words, value]) => new Option(words, value)));
    if (options.some(([, value]) => String(value) === kept)) select.value = kept;
  }
})();
