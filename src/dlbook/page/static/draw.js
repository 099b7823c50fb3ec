/* Moves the moving part of a plotly figure without a full redraw.

   plotly draws the figure once. When values change, this code writes them straight into the SVG
   that plotly made: paths of lines and fills, places and colours of markers, texts, bars, the
   picture of a heat map. What it can't draw that way it hands to Plotly.react, which is right
   for everything but slow. Before the reader hovers, drags or resizes, `settle` lets plotly
   catch up, so that hover texts and zooming see the present values. */
(() => {
  const DIRECT = {
    scatter: new Set(["x", "y", "text", "marker.color", "marker.size"]),
    bar: new Set(["x", "y"]),
    heatmap: new Set(["z"]),
  };

  const finite = Number.isFinite;

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

  function pixels(axis, values) {
    const out = new Float64Array(values.length);
    for (let i = 0; i < out.length; i++) out[i] = axis.d2p(values[i]);
    return out;
  }

  /* "M..L.." through the points; a gap starts a new piece; with steps, first along, then up. */
  function linePath(px, py, stepped) {
    let d = "", pen = "M";
    for (let i = 0; i < px.length; i++) {
      if (!finite(px[i]) || !finite(py[i])) { pen = "M"; continue; }
      const x = clamp(px[i]).toFixed(2), y = clamp(py[i]).toFixed(2);
      d += stepped && pen === "L" ? `H${x}V${y}` : `${pen}${x},${y}`;
      pen = "L";
    }
    return d || "M0,0Z";
  }

  /* Far outside the plot the exact place doesn't show, but huge numbers break SVG renderers. */
  const clamp = (p) => Math.max(-20000, Math.min(20000, p));

  function drawScatter(node, trace, axes, plot, shared) {
    const px = pixels(axes.x, trace.x), py = pixels(axes.y, trace.y);
    shared.paths[trace.index] = [px, py];
    const stepped = trace.line?.shape === "hv";
    const lines = node.querySelectorAll("path.js-line");
    const fill = node.querySelector("path.js-fill");
    if (trace.mode.includes("lines") && !lines.length) return false;
    lines.forEach((line, k) => line.setAttribute("d", k ? "M0,0Z" : linePath(px, py, stepped)));
    if (trace.fill && trace.fill !== "none") {
      const outline = fillPath(trace, px, py, axes, stepped, shared);
      if (!fill || !outline) return false;
      fill.setAttribute("d", outline);
    }
    if (trace.mode.includes("markers") && !drawMarkers(node, trace, px, py)) return false;
    return !trace.mode.includes("text") || drawTexts(node, trace, px, py);
  }

  function fillPath(trace, px, py, axes, stepped, shared) {
    if (!px.length) return "M0,0Z";
    const top = linePath(px, py, stepped), n = px.length - 1;
    if (trace.fill === "toself") return `${top}Z`;
    if (trace.fill === "tozeroy") {
      const zero = clamp(axes.y.d2p(0));
      return `${top}L${px[n]},${zero}L${px[0]},${zero}Z`;
    }
    const before = trace.fill === "tonexty" && shared.paths[trace.index - 1];
    if (!before) return null;
    const back = linePath(before[0].slice().reverse(), before[1].slice().reverse(), false);
    return `${top}L${back.slice(1)}Z`;
  }

  function drawMarkers(node, trace, px, py) {
    const points = node.querySelectorAll("path.point");
    const shown = [...px.keys()].filter((i) => finite(px[i]) && finite(py[i]));
    if (points.length !== shown.length) return false;
    const { color, size } = trace.marker ?? {};
    if (trace.moved.has("marker.size")) return false;
    const colors = Array.isArray(color) && typeof color[0] === "string" ? color : null;
    if (trace.moved.has("marker.color") && !colors && typeof color !== "string") return false;
    shown.forEach((i, k) => {
      points[k].setAttribute("transform", `translate(${clamp(px[i]).toFixed(2)},${clamp(py[i]).toFixed(2)})`);
      if (trace.moved.has("marker.color")) points[k].style.fill = colors ? colors[i] : color;
    });
    return true;
  }

  /* plotly places a text relative to its point; keep the distance and move both together. */
  function drawTexts(node, trace, px, py) {
    const texts = node.querySelectorAll(".textpoint text, g.text text, text");
    if (texts.length !== px.length || trace.moved.has("text")) {
      if (texts.length !== px.length) return false;
    }
    const words = Array.isArray(trace.text) ? trace.text : Array(px.length).fill(trace.text ?? "");
    if (words.some((word) => String(word).includes("<"))) return false;
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i], from = text.__dlbook ?? startOf(text);
      if (!from) return false;
      text.__dlbook = from;
      text.setAttribute("x", px[i] + from.dx);
      text.setAttribute("y", py[i] + from.dy);
      text.textContent = words[i];
    }
    return true;
  }

  function startOf(text) {
    const datum = text.__data__ ?? text.parentNode.__data__;
    const x = Number(text.getAttribute("x")), y = Number(text.getAttribute("y"));
    if (!datum || text.getAttribute("transform") || !finite(datum.xp ?? NaN)) return null;
    return { dx: x - datum.xp, dy: y - datum.yp };
  }

  /* Upright or lying bars that start at zero, one a position; their thickness stays. */
  function drawBars(node, trace, axes) {
    const bars = node.querySelectorAll(".point > path");
    const lying = trace.orientation === "h";
    const lengths = lying ? trace.x : trace.y;
    if (bars.length !== lengths.length || trace.moved.has(lying ? "y" : "x")) return false;
    const axis = lying ? axes.x : axes.y, zero = axis.d2p(0);
    for (let i = 0; i < bars.length; i++) {
      const bar = bars[i].parentNode.__data__;
      if (!bar || bar.b || bar.hasB) return false; // stacked or with a base: not from zero
      const end = clamp(axis.d2p(lengths[i]));
      const [a, b] = lying ? [bar.y0, bar.y1] : [bar.x0, bar.x1];
      if (![end, zero, a, b].every(finite)) return false;
      bars[i].setAttribute("d", lying
        ? `M${zero},${a}V${b}H${end}V${a}Z` : `M${a},${zero}V${end}H${b}V${zero}Z`);
    }
    return true;
  }

  const canvas = document.createElement("canvas");

  function drawHeatmap(node, trace, axes) {
    const image = node.querySelector("image");
    const full = node.__data__?.[0]?.trace;
    if (!image || !full || full._hasZ === false) return false;
    const rows = trace.z.length, columns = trace.z[0].length;
    canvas.width = columns; canvas.height = rows;
    const context = canvas.getContext("2d"), picture = context.createImageData(columns, rows);
    const table = colorTable(full), span = full.zmax - full.zmin || 1;
    const flipX = axes.x.range[0] > axes.x.range[1], flipY = axes.y.range[0] < axes.y.range[1];
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        const value = trace.z[flipY ? rows - 1 - r : r][flipX ? columns - 1 - c : c];
        const shade = Math.max(0, Math.min(255, Math.round(((value - full.zmin) / span) * 255)));
        picture.data.set(table.subarray(4 * shade, 4 * shade + 4), 4 * (r * columns + c));
        if (!finite(value)) picture.data[4 * (r * columns + c) + 3] = 0;
      }
    context.putImageData(picture, 0, 0);
    image.style.imageRendering = full.zsmooth ? "auto" : "pixelated";
    image.setAttribute("preserveAspectRatio", "none");
    image.setAttribute("href", canvas.toDataURL());
    return true;
  }

  /* 256 colours of a scale, as bytes; a canvas gradient mixes them just as CSS does. */
  const tables = new Map();
  function colorTable(trace) {
    const scale = trace.reversescale
      ? trace.colorscale.map(([stop, color]) => [1 - stop, color]).reverse() : trace.colorscale;
    const key = JSON.stringify(scale);
    if (!tables.has(key)) {
      const strip = document.createElement("canvas");
      strip.width = 256; strip.height = 1;
      const context = strip.getContext("2d"), gradient = context.createLinearGradient(0, 0, 256, 0);
      for (const [stop, color] of scale) gradient.addColorStop(stop, color);
      context.fillStyle = gradient;
      context.fillRect(0, 0, 256, 1);
      tables.set(key, context.getImageData(0, 0, 256, 1).data);
    }
    return tables.get(key);
  }

  const DRAWERS = { scatter: drawScatter, bar: drawBars, heatmap: drawHeatmap };

  /* A figure that is shown in `plot` and whose leaves can be changed. */
  DLBOOK.Drawing = class {
    constructor(plot, figure) {
      this.plot = plot;
      this.figure = figure;
      this.stale = false;
      this.slowMoves = 0;
    }

    async show() {
      const layout = this.figure.layout;
      Object.assign(layout, { template: DLBOOK.template(), autosize: true });
      layout.dragmode ??= false;
      layout.height ??= 380;
      await Plotly.newPlot(this.plot, this.figure.data, layout, DLBOOK.plotConfig);
      this.groups = groupsOf(this.plot);
      for (const event of ["pointerenter", "pointerdown"])
        this.plot.addEventListener(event, () => this.settle(), true);
      DLBOOK.onThemeChange(() => this.redraw());
      let width = this.plot.clientWidth;
      new ResizeObserver(() => {
        if (this.plot.clientWidth === width || !this.plot.clientWidth) return;
        width = this.plot.clientWidth;
        this.redraw();
      }).observe(this.plot);
    }

    /* `changes`: [path, value] of leaves under data; draws them directly where that is possible. */
    change(changes) {
      const touched = new Map();
      for (const [path, value] of changes) {
        const trace = this.figure.data[path[1]];
        const key = path.slice(2).join(".");
        let parent = trace;
        for (const part of path.slice(2, -1)) parent = parent[part] ??= {};
        parent[path.at(-1)] = value;
        if (!touched.has(path[1])) touched.set(path[1], new Set());
        touched.get(path[1]).add(key);
      }
      const direct = [...touched].every(([index, keys]) => this.drawDirectly(index, keys));
      this.stale = true;
      if (!direct) { this.slowMoves++; this.redraw(); }
    }

    drawDirectly(index, keys) {
      const full = this.plot._fullData.find((trace) => trace.index === index);
      const type = full?.type, allowed = DIRECT[type], node = this.groups.get(index);
      if (!node || !allowed || ![...keys].every((key) => allowed.has(key))) return false;
      const data = this.figure.data[index];
      const trace = { ...data, index, mode: full.mode ?? "", moved: keys, orientation: full.orientation,
        fill: full.fill, x: data.x ?? [], y: data.y ?? [] };
      this.paths ??= {};
      return DRAWERS[type](node, trace, axesOf(this.plot, full), this.plot, this.neighbours(index));
    }

    /* Pixels of the trace before, which a fill to it needs. */
    neighbours(index) {
      const before = this.figure.data[index - 1];
      const shared = { paths: {} };
      if (before?.x && this.figure.data[index].fill === "tonexty") {
        const axes = axesOf(this.plot, before);
        shared.paths[index - 1] = [pixels(axes.x, before.x), pixels(axes.y, before.y)];
      }
      return shared;
    }

    settle() { if (this.stale) this.redraw(); }

    redraw() {
      this.figure.layout.template = DLBOOK.template();
      Plotly.react(this.plot, this.figure.data, { ...this.figure.layout, datarevision: Math.random() }, DLBOOK.plotConfig);
      this.groups = groupsOf(this.plot);
      this.stale = false;
    }
  };
})();
