/* Draws a moved heat map as a picture with one pixel a cell. */
(() => {
  const canvas = document.createElement("canvas");

  /* `false` where plotly does more than stretch such a picture, or would choose new colours. */
  DLBOOK.drawHeatmap = (node, trace, axes) => {
    const image = node.querySelector("image"), cells = node.__data__?.[0], full = cells?.trace;
    if (!image || full._hasZ === false) return false;
    if (full.zauto || full.coloraxis || full.texttemplate || full.xgap || full.ygap) return false;
    const rows = trace.z.length, columns = trace.z[0]?.length;
    const across = directionOf(axes.x, cells.x, columns), up = directionOf(axes.y, cells.y, rows);
    if (!across || !up) return false;
    const { zmin = full.zmin, zmax = full.zmax } = trace;
    paint(trace.z, { ...full, zmin, zmax }, across < 0, up < 0);
    image.style.imageRendering = full.zsmooth ? "auto" : "pixelated";
    image.setAttribute("preserveAspectRatio", "none");
    image.setAttribute("href", canvas.toDataURL());
    return true;
  };

  /* The sense in which the `count` cells between `bounds` run along the screen: 1 to the right or
     down, -1 to the left or up; 0 where they are not of equal size. */
  function directionOf(axis, bounds, count) {
    if (bounds?.length !== count + 1) return 0;
    const edges = bounds.map((bound) => axis.c2p(bound)), step = (edges[count] - edges[0]) / count;
    const even = edges.every((edge, i) => Math.abs(edge - edges[0] - i * step) < 0.5);
    return even ? Math.sign(step) : 0;
  }

  function paint(z, full, flipX, flipY) {
    const rows = z.length, columns = z[0].length;
    canvas.width = columns; canvas.height = rows;
    const context = canvas.getContext("2d"), picture = context.createImageData(columns, rows);
    const table = colorTable(full), scale = 255 / (full.zmax - full.zmin || 1);
    const colors = new Uint32Array(picture.data.buffer);
    let pixel = 0;
    for (let r = 0; r < rows; r++) {
      const row = z[flipY ? rows - 1 - r : r];
      for (let c = 0; c < columns; c++) {
        const value = row[flipX ? columns - 1 - c : c];
        const shade = Math.max(0, Math.min(255, Math.round((value - full.zmin) * scale)));
        colors[pixel++] = Number.isFinite(value) ? table[shade] : 0; // nothing where there is no number
      }
    }
    context.putImageData(picture, 0, 0);
  }

  /* Numbers as colours of a scale from `low` to `high`. */
  DLBOOK.scaled = (values, colorscale, low, high) => {
    const table = new Uint8Array(colorTable({ colorscale }).buffer);
    return Array.from(values, (value) => {
      const at = 4 * Math.round(255 * Math.max(0, Math.min(1, (value - low) / (high - low))));
      return `rgba(${table[at]},${table[at + 1]},${table[at + 2]},${table[at + 3] / 255})`;
    });
  };

  /* 256 colours of a scale, a number each; a canvas gradient mixes them just as CSS does. */
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
      tables.set(key, new Uint32Array(context.getImageData(0, 0, 256, 1).data.buffer));
    }
    return tables.get(key);
  }
})();
