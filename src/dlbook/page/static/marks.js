/* Draws moved traces straight into the SVG that plotly made: paths of lines and fills, places and
   colours of markers, texts, bars. A drawer returns false where plotly has to draw. */
(() => {
  const finite = Number.isFinite;

  function pixels(axis, values) {
    const out = new Float64Array(values.length);
    for (let i = 0; i < out.length; i++) out[i] = axis.d2p(values[i]);
    return out;
  }

  /* Far outside the plot the exact place doesn't show, but huge numbers break SVG renderers. */
  const clamp = (p) => Math.max(-20000, Math.min(20000, p));

  /* Writing what is there already costs a browser style, layout and paint. */
  function put(node, name, value) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }

  const isStepped = (trace) => trace.line?.shape === "hv";

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

  function drawScatter(node, trace, axes) {
    const { full } = trace;
    if (full.error_x?.visible || full.error_y?.visible || full.stackgroup || full.connectgaps) return false;
    if (trace.mode.includes("lines") && !["linear", "hv"].includes(full.line.shape)) return false;
    const px = pixels(axes.x, trace.x), py = pixels(axes.y, trace.y);
    if (trace.mode.includes("lines") && !drawLine(node, linePath(px, py, isStepped(trace)), trace)) return false;
    if (trace.mode.includes("markers") && !drawMarkers(node, trace, px, py)) return false;
    return !trace.mode.includes("text") || drawTexts(node, trace, axes, px, py);
  }

  const isTranslucent = (full, color) => full.opacity < 1 || /rgba|hsla/.test(color);

  /* All pieces in one element; translucent ones, as plotly has them, each in its own: where they
     cross they add up. */
  function drawLine(node, path, { full, line, moved }) {
    const lines = [...node.querySelectorAll("path.js-line")], color = line?.color ?? full.line.color;
    const pieces = isTranslucent(full, color) ? path.split(/(?=M)/) : [path];
    if (!lines.length) return false;
    while (lines.length < pieces.length) {
      lines.push(lines[0].cloneNode());
      lines.at(-2).after(lines.at(-1));
    }
    lines.forEach((piece, k) => {
      put(piece, "d", pieces[k] ?? "M0,0Z");
      if (moved.has("line.color")) Object.assign(piece.style, { stroke: color, strokeOpacity: 1 });
    });
    return true;
  }

  /* plotly keeps the area between two traces in the group of the first, behind both lines; that
     group may hold an area of its own too. */
  function areaOf(groups, { index, fill }) {
    const [owner, kind] = fill === "tonexty" ? [index - 1, "_nextFill"] : [index, "_ownFill"];
    const areas = groups.get(owner)?.querySelectorAll("path.js-fill") ?? [];
    return [...areas].find((area) => area.parentNode.__data__ === kind);
  }

  /* The area of a trace with a fill. */
  function drawFill(groups, trace, before, axes) {
    const area = areaOf(groups, trace);
    if (!area) return !trace.x.length; // empty, as it was
    if (trace.fillcolor) Object.assign(area.style, { fill: trace.fillcolor, fillOpacity: 1 });
    const px = pixels(axes.x, trace.x), py = pixels(axes.y, trace.y), n = px.length - 1;
    let outline = linePath(px, py, isStepped(trace));
    if (trace.fill !== "toself") {
      if (n < 0) return true;
      const back = backOf(trace, before, axes, px);
      if (!back || ![px, py, ...back].every((pixel) => pixel.every(finite))) return false;
      outline += `L${linePath(...back, false).slice(1)}`;
    }
    put(area, "d", `${outline}Z`);
    return true;
  }

  /* The way back along the other side of an area: the line at zero, or the trace before. */
  function backOf(trace, before, axes, px) {
    if (trace.fill === "tozeroy") return [[px.at(-1), px[0]], Array(2).fill(axes.y.d2p(0))];
    if (trace.fill !== "tonexty" || isStepped(before)) return null;
    return [pixels(axes.x, before.x).reverse(), pixels(axes.y, before.y).reverse()];
  }

  /* Whether a symbol's colour is that of its stroke. */
  DLBOOK.isOutlined = (symbol) => /open|thin|line|asterisk|hash|^y-/.test(symbol);

  function drawMarkers(node, trace, px, py) {
    const shown = [...px.keys()].filter((i) => finite(px[i]) && finite(py[i]));
    const { color, size } = trace.marker ?? {}, { symbol, sizemode, sizeref, sizemin } = trace.full.marker;
    const recolor = trace.moved.has("marker.color"), resize = trace.moved.has("marker.size");
    const colors = recolor && colorsOf(color, trace.full.marker);
    if (recolor && !colors) return false;
    const paint = DLBOOK.isOutlined(symbol) ? "stroke" : "fill";
    if (resize && (!OUTLINES[symbol] || sizemode === "area" || sizemin || (sizeref ?? 1) !== 1)) return false;
    const points = exactly(shown.length, node, trace);
    if (!points) return false;
    shown.forEach((i, k) => {
      put(points[k], "transform", `translate(${clamp(px[i]).toFixed(2)},${clamp(py[i]).toFixed(2)})`);
      if (recolor) Object.assign(points[k].style, { [paint]: colors[i % colors.length], [`${paint}Opacity`]: 1 });
      if (resize) put(points[k], "d", OUTLINES[symbol]((size?.[i] ?? size ?? 6) / 2));
    });
    return true;
  }

  /* Colours of markers: one for all, words, or numbers on a scale with fixed ends; else null. */
  function colorsOf(color, { cmin, cmax, colorscale, cauto }) {
    if (typeof color === "string") return [color];
    if (Array.isArray(color) && color.every((word) => typeof word === "string")) return color;
    return color?.length && !cauto ? DLBOOK.scaled(color, colorscale, cmin, cmax) : null;
  }

  /* As many markers as asked for: the last one is copied, those too many go. Null where the first
     one is still to be made, or where they differ in what is not moved. */
  function exactly(count, node, { full: { marker, selectedpoints }, moved }) {
    const points = [...node.querySelectorAll("path.point")];
    if (points.length === count) return points;
    const pattern = points.at(-1) ?? node.lastPoint;
    const differ = [marker.symbol, marker.opacity, marker.line?.color, marker.line?.width].some(Array.isArray)
      || (Array.isArray(marker.color) && !moved.has("marker.color"))
      || (Array.isArray(marker.size) && !moved.has("marker.size"));
    if (!pattern || differ || selectedpoints) return null;
    node.lastPoint = pattern;
    node.pointsParent ??= pattern.parentNode;
    while (points.length > count) points.pop().remove();
    while (points.length < count) {
      points.push(pattern.cloneNode());
      node.pointsParent.append(points.at(-1));
    }
    return points;
  }

  /* Symbols of radius r, as plotly draws them. */
  const OUTLINES = {
    circle: (r) => `M${r},0A${r},${r} 0 1,1 0,${-r}A${r},${r} 0 0,1 ${r},0Z`,
    diamond: (r) => { const d = (1.3 * r).toFixed(2); return `M${d},0L0,${d}L-${d},0L0,-${d}Z`; },
  };

  /* plotly places a text relative to its point; keep the distance and move both together. For a
     blank word it makes no text. */
  function drawTexts(node, trace, axes, px, py) {
    const places = [...node.querySelectorAll(".textpoint")], { full } = trace;
    if (places.length !== px.length || full.texttemplate || ![...px, ...py].every(finite)) return false;
    const texts = places.map((place) => place.querySelector("text")), pattern = texts.find(Boolean);
    const words = trace.moved.has("text") ? wordsOf(trace.text ?? "", px.length) : null;
    if (words?.some((word, i) => /[<&$]/.test(word) || (word && !texts[i] && (!pattern || Array.isArray(full.textposition)))))
      return false;
    if (node.querySelector("tspan.line")) return false;
    for (const text of texts) if (text && !measured(text, axes)) return false;
    places.forEach((place, i) => {
      if (!texts[i] && !words?.[i]) return;
      if (!texts[i]) {
        texts[i] = place.appendChild(Object.assign(pattern.cloneNode(), { distance: pattern.distance }));
        place.setAttribute("transform", pattern.parentNode.getAttribute("transform") ?? "");
      }
      put(texts[i], "x", (px[i] + texts[i].distance[0]).toFixed(2));
      put(texts[i], "y", (py[i] + texts[i].distance[1]).toFixed(2));
      if (words && texts[i].textContent !== words[i]) texts[i].textContent = words[i];
    });
    return true;
  }

  /* Keeps how far a text stands from its point; false where that is not known. */
  function measured(text, axes) {
    const point = text.__data__;
    if (point) text.distance ??= [text.getAttribute("x") - axes.x.c2p(point.x), text.getAttribute("y") - axes.y.c2p(point.y)];
    return Boolean(text.distance);
  }

  /* One text for all points, or an array of texts or numbers with one for each. */
  const wordsOf = (text, count) =>
    (typeof text === "string" ? Array(count).fill(text) : Array.from(text, String));

  /* Upright or lying bars that start at zero, one a position; their thickness stays. */
  function drawBars(node, trace, axes) {
    const bars = node.querySelectorAll(".point > path"), { full } = trace;
    const lying = trace.orientation === "h";
    const lengths = lying ? trace.x : trace.y;
    if (bars.length !== lengths.length || trace.moved.has(lying ? "y" : "x")) return false;
    if (full.error_x?.visible || full.error_y?.visible || node.querySelector("text")) return false;
    const axis = lying ? axes.x : axes.y, zero = axis.d2p(0);
    for (let i = 0; i < bars.length; i++) {
      const bar = bars[i].parentNode.__data__;
      if (!bar || bar.b || bar.hasB) return false; // stacked or with a base: not from zero
      const end = clamp(axis.d2p(lengths[i]));
      const [a, b] = [bar.p0, bar.p1].map((p) => (lying ? axes.y : axes.x).c2p(p));
      if (![end, zero, a, b].every(finite)) return false;
      put(bars[i], "d", lying
        ? `M${zero},${a}V${b}H${end}V${a}Z` : `M${a},${zero}V${end}H${b}V${zero}Z`);
    }
    return true;
  }

  Object.assign(DLBOOK, { drawScatter, drawFill, drawBars });
})();
