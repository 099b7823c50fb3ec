/* Less height for figures with square panels, where a narrow page has no width for their height. */
(() => {
  const NARROW = 600, WORTH = 16; // pixels
  const isPanel = (key) => /^yaxis\d*$/.test(key);

  /* Bands across the paper, {from, to, spare}: how many pixels all panels of a band leave empty.
     null where bands overlap. */
  function bandsOf(domains, full) {
    const bands = [];
    for (const key of Object.keys(full).filter(isPanel)) {
      const { constrain, overlaying, _length } = full[key], [from, to] = domains[key] ?? [0, 1];
      const spare = constrain === "domain" ? Math.floor((to - from) * full._size.h - _length) : overlaying ? Infinity : 0;
      const band = bands.find((one) => one.from === from && one.to === to);
      if (band) band.spare = Math.min(band.spare, spare);
      else bands.push({ from, to, spare });
    }
    bands.sort((a, b) => a.from - b.from);
    return bands.some(({ from }, k) => k && bands[k - 1].to > from + 1e-6) ? null : bands;
  }

  /* What a figure becomes if no panel leaves room empty, and all other distances stay: a function of
     its layout, and one of the layout of a colour bar; null if nothing changes. `domains`: what the
     axes are given; `full`: plotly's layout, as drawn. */
  DLBOOK.lowered = (data, domains, full) => {
    const fits = data.every(({ colorbar: bar }) => !bar || (bar.orientation === "h" && bar.y !== undefined));
    const bands = full.width < NARROW && fits && bandsOf(domains, full);
    if (!bands) return null;
    const { height, legend, _size: { h: room } } = full, panels = Object.keys(full).filter(isPanel);
    const total = bands.reduce((sum, { spare }) => sum + spare, 0);
    if (total < WORTH) return null;
    const share = (y, { from, to }) => Math.max(0, Math.min(1, (y - from) / (to - from)));
    const at = (y) => (y * room - bands.reduce((sum, band) => sum + band.spare * share(y, band), 0)) / (room - total);
    const moved = (part) => ({ ...part,
      ...Object.fromEntries(["y", "y0", "y1"].filter((name) => name in part).map((name) => [name, at(part[name])])) });
    const layoutOf = (layout) => {
      const changed = { ...layout, height: height - total };
      for (const key of panels) changed[key] = { ...layout[key], domain: (domains[key] ?? [0, 1]).map(at) };
      for (const name of ["annotations", "shapes", "images"])
        if (layout[name]) changed[name] = layout[name].map((part) => (part.yref === "paper" ? moved(part) : part));
      if (legend) changed.legend = { ...layout.legend, y: at(legend.y) };
      return changed;
    };
    return { layoutOf, barOf: moved };
  };
})();
