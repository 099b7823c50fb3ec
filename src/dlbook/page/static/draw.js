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

  function drawScatter(node, trace, axes) {
    const px = pixels(axes.x, trace.x), py = pixels(axes.y, trace.y);
    const stepped = trace.line?.shape === "hv";
    const lines = node.querySelectorAll("path.js-line");
    if (trace.mode.includes("lines") && !lines.length) return false;
    lines.forEach((line, k) => line.setAttribute("d", k ? "M0,0Z" : linePath(px, py, stepped)));
    if (trace.mode.includes("markers") && !drawMarkers(node, trace, px, py)) return false;
    return !trace.mode.includes("text") || drawTexts(node, trace, axes, px, py);
  }

  /* The area of a trace with a fill. plotly keeps a fill down to the trace before in the group of
     that trace, behind both lines. */
  function drawFill(groups, trace, before, axes) {
    const owner = trace.fill === "tonexty" ? groups.get(trace.index - 1) : groups.get(trace.index);
    const fills = owner?.querySelectorAll("path.js-fill");
    if (!fills?.length) return false;
    const px = pixels(axes.x, trace.x), py = pixels(axes.y, trace.y), n = px.length - 1;
    let outline = linePath(px, py, trace.line?.shape === "hv");
    if (n >= 0 && trace.fill === "tozeroy") {
      const zero = clamp(axes.y.d2p(0));
      outline += `L${px[n]},${zero}L${px[0]},${zero}`;
    } else if (n >= 0 && trace.fill === "tonexty") {
      const back = [pixels(axes.x, before.x).reverse(), pixels(axes.y, before.y).reverse()];
      outline += `L${linePath(...back, false).slice(1)}`;
    } else if (trace.fill !== "toself") return n < 0;
    fills[fills.length - 1].setAttribute("d", `${outline}Z`);
    return true;
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
  function drawTexts(node, trace, axes, px, py) {
    const texts = node.querySelectorAll(".textpoint text");
    if (texts.length !== px.length) return false;
    const words = Array.isArray(trace.text) ? trace.text : Array(px.length).fill(trace.text ?? "");
    if (words.some((word) => !word || String(word).includes("<"))) return false;
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i], point = text.__data__;
      if (!point) return false;
      text.distance ??= [text.getAttribute("x") - axes.x.c2p(point.x), text.getAttribute("y") - axes.y.c2p(point.y)];
      text.setAttribute("x", px[i] + text.distance[0]);
      text.setAttribute("y", py[i] + text.distance[1]);
      text.textContent = words[i];
    }
    return true;
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
      const [a, b] = [bar.p0, bar.p1].map((p) => (lying ? axes.y : axes.x).c2p(p));
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
      if (!node || !allowed || ![...keys].every((key) => allowed.has(key))) return false;
      return DRAWERS[trace.type](node, { ...trace, moved: keys }, axesOf(this.plot, trace));
    }

    drawFills(touched) {
      return this.plot._fullData.every(({ index, fill }) => {
        const bounds = fill === "tonexty" ? [index, index - 1] : [index];
        if (!fill || fill === "none" || !bounds.some((i) => touched.has(i))) return true;
        const trace = this.traceAt(index);
        return drawFill(this.groups, trace, this.figure.data[index - 1], axesOf(this.plot, trace));
      });
    }

    /* A trace as the author wrote it, completed with what plotly filled in. */
    traceAt(index) {
      const full = this.plot._fullData.find((trace) => trace.index === index);
      if (!full) return null;
      const { type, mode = "", orientation, fill, xaxis, yaxis } = full, data = this.figure.data[index];
      return { ...data, index, type, mode, orientation, fill, xaxis, yaxis, x: data.x ?? [], y: data.y ?? [] };
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
