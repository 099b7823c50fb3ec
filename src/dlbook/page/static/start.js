/* Starts every explorer when it comes near the window, and plain plotly figures likewise. */
(() => {
  async function startExplorer(root) {
    let explorer;
    try {
      const kind = root.classList.contains("dlbook-training") ? DLBOOK.TrainingExplorer : DLBOOK.TableExplorer;
      explorer = new kind(root);
      root.dlbook = explorer;
      await explorer.ask();
      await explorer.start();
    } catch (error) {
      if (explorer) explorer.fail(error);
      else console.error(error);
    }
  }

  async function startPlot(root) {
    const figure = JSON.parse(root.querySelector("script").textContent);
    const plot = root.querySelector(".explorer-plot"), canvas = document.createElement("div");
    plot.append(canvas);
    await new DLBOOK.Drawing(canvas, figure).show();
    plot.querySelector(".explorer-picture")?.remove();
    root.dataset.ready = "true";
  }

  function boot() {
    const near = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        near.unobserve(entry.target);
        if (entry.target.classList.contains("dlbook-explorer")) startExplorer(entry.target);
        else startPlot(entry.target);
      }
    }, { rootMargin: "300px" });
    document.querySelectorAll(".dlbook-explorer, .dlbook-plotly").forEach((root) => near.observe(root));
    DLBOOK.address.goToSection();
    addEventListener("hashchange", DLBOOK.address.goToSection);
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", boot);
  else boot();
})();
