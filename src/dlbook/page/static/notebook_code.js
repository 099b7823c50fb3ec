/* Lines of Python that show a training explorer in a notebook, with its settings, points and weights
   as they are now. */
(() => {
  const tuples = (rows = []) => rows.map((row) =>
    `(${row.map((part) => (typeof part === "string" ? `"${part}"` : part)).join(", ")})`).join(", ");

  DLBOOK.NotebookCode = class {
    constructor(explorer) {
      this.explorer = explorer;
      this.box = explorer.root.querySelector(".explorer-code code");
      this.button = explorer.root.querySelector(".explorer-copy");
      this.button.addEventListener("click", () => this.copy());
    }

    write() {
      const { spec, controls, points, weights } = this.explorer, { text, literals } = spec.run.code;
      const start = spec.controls.map((control, k) => [control, controls.position[k]])
        .filter(([control, at]) => at !== control.default)
        .map(([{ name }, at]) => `"${name}": ${literals[name][at]}`);
      const own = tuples(points?.rows()), edits = tuples(weights?.list);
      const given = [start.length && `start={${start.join(", ")}}`, own && `points=[${own}]`,
        edits && `weights=[${edits}]`];
      this.box.textContent = text.replace("()", `(${given.filter(Boolean).join(", ")})`);
    }

    async copy() {
      const words = this.button.textContent;
      try {
        await navigator.clipboard.writeText(this.box.textContent);
        this.button.textContent = "Copied";
      } catch { // some browsers refuse: the text is there to be marked
        this.button.textContent = "Not allowed here: mark the text and copy it";
      }
      setTimeout(() => { this.button.textContent = words; }, 2000);
    }
  };
})();
