/* Moves the moving part of a plotly figure without a full redraw.

   plotly draws the figure once. When values change, `marks.js` and `heatmap.js` write them straight
   into the SVG that plotly made. What they can't draw goes to Plotly.react, which is right for
   everything but slow. Before the reader hovers, drags or resizes, `settle` lets plotly catch up,
   so that hover texts and zooming see the present values. */
(() => {
  const DRAWERS = { scatter: DLBOOK.drawScatter, bar: DLBOOK.drawBars, heatmap: DLBOOK.drawHeatmap };
  const ON_HOVER = ["customdata", "hovertext", "hovertemplate", "hoverinfo"]; // plotly catches up then
  const DIRECT = {
    scatter: new Set([...ON_HOVER, "x", "y", "text", "marker.color", "marker.size", "line.color", "fillcolor"]),
    bar: new Set([...ON_HOVER, "x", "y"]),
    heatmap: new Set([...ON_HOVER, "text", "z", "zmin", "zmax"]),
  };

  /* The SVG group of every trace, by the trace's number; plotly binds its data to them. */
  function groupsOf(plot) {
    const groups = new Map();
    for (const node of plot.querySelectorAll(".cartesianlayer .trace, .cartesianlayer .hm")) {
      const trace = node.__data__?.[0]?.trace;
      if (trace) groups.set(trace.index, node);
    }
    return groups;
  }

  function axesOf(plot, trace) {
    const layout = plot._fullLayout;
    const axis = (letter) => layout[`${letter}axis${(trace[`${letter}axis`] ?? letter).slice(1)}`];
    return { x: axis("x"), y: axis("y") };
  }

  /* The coordinates that plotly gives to points for which only the other ones are given. */
  const counted = (others, first = 0, step = 1) => Array.from(others ?? [], (_, i) => first + i * step);

  /* A figure that is shown in `plot` and whose leaves can be changed. */
  DLBOOK.Drawing = class {
    constructor(plot, figure) {
      this.plot = plot;
      this.figure = figure;
      const axes = Object.entries(figure.layout).filter(([key]) => /^[xy]axis\d*$/.test(key));
      this.domains = Object.fromEntries(axes.map(([key, { domain }]) => [key, domain]));
      this.lower = null; // what changes where the page is narrow
      this.turn = 0; // how often the page has got another width
      this.stale = false;
      this.held = false;
      this.slowMoves = 0;
    }

    async show() {
      const layout = this.figure.layout;
      Object.assign(layout, { template: DLBOOK.template(), autosize: true });
      layout.dragmode ??= false;
      layout.height ??= 380;
      await Plotly.newPlot(this.plot, this.figure.data, layout, DLBOOK.plotConfig);
      this.width = this.plot.clientWidth;
      await this.fit();
      this.groups = groupsOf(this.plot);
      this.plot.on("plotly_afterplot", () => { this.groups = groupsOf(this.plot); }); // the legend's clicks
      for (const event of ["pointerenter", "pointermove", "pointerdown"])
        this.plot.addEventListener(event, () => this.settle(), true);
      DLBOOK.onThemeChange(() => this.redraw());
      new ResizeObserver(() => { if (this.plot.clientWidth !== this.width) this.redraw(); }).observe(this.plot);
    }

    /* `changes`: [path, value] of leaves under data; draws them directly where that is possible. */
    change(changes) {
      const touched = new Map(); // trace number -> which of its leaves moved
      for (const [path, value] of changes) {
        let parent = this.figure.data[path[1]];
        for (const part of path.slice(2, -1)) parent = parent[part] ??= {};
        parent[path.at(-1)] = value;
        if (!touched.has(path[1])) touched.set(path[1], new Set());
        touched.get(path[1]).add(path.slice(2).join("."));
      }
      this.stale = true;
      const direct = [...touched].every(([index, keys]) => this.drawDirectly(index, keys));
      if (direct && this.drawFills(touched)) return;
      this.slowMoves++;
      this.redraw();
    }

    drawDirectly(index, keys) {
      const trace = this.traceAt(index), node = this.groups.get(index);
      const allowed = DIRECT[trace?.type];
      if (trace?.full.visible === "legendonly") return true; // the reader has hidden it
      if (!node && trace?.type === "scatter" && !trace.x.length) return true; // empty, as it was
      if (!node || !allowed || ![...keys].every((key) => allowed.has(key))) return false;
      this.drawLegend(trace, keys);
      return DRAWERS[trace.type](node, { ...trace, moved: keys }, axesOf(this.plot, trace));
    }

    /* The sample in the legend has the one colour of the trace. */
    drawLegend({ index, full, line, marker }, keys) {
      const inside = DLBOOK.isOutlined(full.marker?.symbol) ? "stroke" : "fill";
      const parts = [["line", line, ".legendlines path", "stroke"], ["marker", marker, ".legendpoints path", inside]];
      for (const [name, style, shapes, paint] of parts) {
        if (!keys.has(`${name}.color`) || typeof style.color !== "string") continue;
        for (const item of this.plot.querySelectorAll(".legend .traces"))
          if (item.__data__[0].trace.index === index)
            for (const shape of item.querySelectorAll(shapes)) shape.style[paint] = style.color;
      }
    }

    drawFills(touched) {
      return this.plot._fullData.every(({ index, fill }) => {
        const bounds = fill === "tonexty" ? [index, index - 1] : [index];
        if (!fill || fill === "none" || !bounds.some((i) => touched.has(i))) return true;
        const trace = this.traceAt(index);
        if (bounds.some((i) => this.traceAt(i)?.full.visible !== true)) return false;
        return DLBOOK.drawFill(this.groups, trace, this.traceAt(index - 1), axesOf(this.plot, trace));
      });
    }

    /* A trace as the author wrote it, completed with what plotly filled in. */
    traceAt(index) {
      const full = this.plot._fullData.find((trace) => trace.index === index);
      if (!full) return null;
      const { type, mode = "", orientation, fill, xaxis, yaxis } = full, data = this.figure.data[index];
      const x = data.x ?? counted(data.y, full.x0, full.dx), y = data.y ?? counted(data.x, full.y0, full.dy);
      return { ...data, full, index, type, mode, orientation, fill, xaxis, yaxis, x, y };
    }

    /* Not while the reader holds a point or draws. */
    settle() { if (this.stale && !this.held) this.redraw(); }

    /* Hidden figures have no width; they are redrawn when they get one. */
    redraw() {
      const width = this.plot.clientWidth, resized = width !== this.width;
      this.width = width;
      if (!width) return;
      if (resized) this.lower = null;
      const drawn = this.react(), turn = (this.turn += resized);
      if (resized) drawn.then(() => { if (turn === this.turn) this.fit(); }); // the newest width counts
      this.stale = false;
    }

    react() {
      const { figure, lower } = this;
      figure.layout.template = DLBOOK.template();
      for (const [key, domain] of Object.entries(this.domains)) // plotly has cut those of square panels
        if (domain) figure.layout[key].domain = domain;
        else delete figure.layout[key].domain;
      const data = figure.data.map((trace) =>
        (lower && trace.colorbar ? { ...trace, colorbar: lower.barOf(trace.colorbar) } : trace));
      const layout = { ...(lower?.layoutOf(figure.layout) ?? figure.layout), datarevision: Math.random() };
      return Plotly.react(this.plot, data, layout, DLBOOK.plotConfig);
    }

    /* `react` must have drawn the figure as it is given. */
    fit() {
      this.lower = DLBOOK.lowered(this.figure.data, this.domains, this.plot._fullLayout);
      return this.lower && this.react();
    }
  };
})();
