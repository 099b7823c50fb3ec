/* Light and dark: the templates come from dlbook/plots/theme.py. */
(() => {
  const root = document.documentElement;
  const watchers = new Set();

  DLBOOK.template = () => DLBOOK.templates[root.dataset.theme === "dark" ? "dark" : "light"];
  DLBOOK.onThemeChange = (watcher) => watchers.add(watcher);
  DLBOOK.plotConfig = {
    displayModeBar: false, displaylogo: false, showSendToCloud: false, plotlyServerURL: "",
    doubleClick: false, // it would look for ranges of its own
  };

  // on paper all is light, the figures too
  let onScreen = null;
  addEventListener("beforeprint", () => {
    onScreen = root.dataset.theme;
    root.dataset.theme = "light";
  });
  addEventListener("afterprint", () => { root.dataset.theme = onScreen; });

  let shown = root.dataset.theme;
  new MutationObserver(() => {
    if (root.dataset.theme === shown) return;
    shown = root.dataset.theme;
    watchers.forEach((watcher) => watcher());
  }).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
})();
