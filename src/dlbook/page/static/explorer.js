/* An explorer in the page: the question that comes first, its data, its controls and its words.
   `TableExplorer` shows figures that were computed when the book was built. */
(() => {
  const waiting = new Map(); // key -> what to do with the data of that explorer

  DLBOOK.receive = (key, base64) => waiting.get(key)?.(base64);

  /* Chromium refuses fetch and modules from file://, so data comes as a classic script. */
  function load(root) {
    return new Promise((resolve, reject) => {
      waiting.set(root.dataset.key, resolve);
      const script = document.createElement("script");
      script.src = root.dataset.src;
      script.onerror = () => reject(new Error(`the data of the figure is missing: ${root.dataset.src}`));
      script.onload = () => reject(new Error("the data of the figure is damaged or older than the page; load the page again")); // no-op once received
      document.head.append(script);
    });
  }

  /* What all explorers share. A kind of explorer adds `prepare(data)`, before the figure is drawn,
     `begin()`, after it is, and `move()`, after a control has moved. */
  DLBOOK.Explorer = class {
    constructor(root) {
      this.root = root;
      this.spec = JSON.parse(root.querySelector(".explorer-spec").textContent);
      this.status = root.querySelector(".explorer-status");
      this.controls = new DLBOOK.Controls(root, this.spec.controls, () => this.schedule());
      this.queued = false;
    }

    async start() {
      const began = performance.now(), data = await load(this.root);
      this.readAddress();
      await this.prepare(data);
      const plot = this.root.querySelector(".explorer-plot");
      const canvas = document.createElement("div");
      canvas.className = "explorer-canvas";
      plot.append(canvas);
      this.drawing = new DLBOOK.Drawing(canvas, this.spec.figure);
      await this.drawing.show();
      plot.querySelector(".explorer-picture")?.remove();
      plot.style.minHeight = ""; // it was the picture's
      this.controls.enable();
      this.begin();
      this.say();
      addEventListener("hashchange", () => { this.readAddress(); this.schedule(); });
      this.startedIn = performance.now() - began; // milliseconds, for the benchmark
      this.root.dataset.ready = "true";
    }

    readAddress() {
      const position = DLBOOK.address.read(this.spec.name, this.spec.controls);
      position.forEach((at, k) => this.controls.write(k, at));
      this.controls.position = position;
    }

    writeAddress() {
      DLBOOK.address.write(this.spec.name, this.spec.controls, this.controls.position);
    }

    /* Set leaves of the figure before it is first drawn. */
    apply(leaves) {
      for (const [path, value] of leaves) {
        let parent = this.spec.figure;
        for (const part of path.slice(0, -1)) parent = parent[part] ??= {};
        parent[path.at(-1)] = value;
      }
    }

    /* At most one move a frame, the newest. */
    schedule() {
      if (this.queued || !this.drawing) return;
      this.queued = true;
      requestAnimationFrame(() => { this.queued = false; this.move(); });
    }

    say() { this.status.textContent = this.spec.figure.layout.meta.status; }

    fail(error) {
      this.status.textContent = `This figure could not be loaded: ${error.message}.`;
      this.root.dataset.failed = error.message;
      console.error(`explorer ${this.root.dataset.key}: ${error.message}`);
    }

    /* The question comes first; any answer, or "just show me", brings the figure. */
    ask() {
      const box = this.root.querySelector(".explorer-predict"), predict = this.spec.predict;
      const asked = location.hash.includes(`?${this.spec.name}.`) || location.hash.includes(`&${this.spec.name}.`);
      if (!box || asked) return Promise.resolve();
      const body = this.root.querySelector(".explorer-body");
      const says = box.querySelector(".explorer-answer"), skip = box.querySelector(".explorer-skip");
      const told = `The answer is: ${predict.answer}`;
      box.hidden = false;
      body.hidden = true;
      return new Promise((resolve) => {
        const show = (verdict) => {
          says.textContent = `${verdict}. ${predict.because}`;
          skip.hidden = true;
          body.hidden = false;
          resolve();
        };
        skip.addEventListener("click", () => show(told));
        box.querySelectorAll("input").forEach((input) => input.addEventListener("change", () => {
          show(predict.options[Number(input.value)] === predict.answer ? "Yes" : told);
        }));
      });
    }
  };

  DLBOOK.TableExplorer = class extends DLBOOK.Explorer {
    async prepare(data) {
      this.valueAt = await DLBOOK.unpack(this.spec.fields, data);
      this.apply(this.spec.fields.map((field) => [field.path, this.valueAt(field, this.controls.position)]));
    }

    begin() {
      this.drawn = [...this.controls.position];
      this.notes();
    }

    move() {
      const position = this.controls.position, before = this.drawn;
      const fields = this.spec.fields.filter((field) =>
        field.shape.some((n, k) => n > 1 && position[k] !== before[k]));
      this.drawn = [...position];
      const changes = fields.map((field) => [field.path, this.valueAt(field, position)]);
      this.apply(changes.filter(([path]) => path[0] === "layout"));
      this.drawing.change(changes.filter(([path]) => path[0] === "data"));
      clearTimeout(this.settled);
      this.settled = setTimeout(() => this.rest(), 150);
    }

    /* What can wait until the reader holds still: words, notes, the address. */
    rest() {
      this.settled = null;
      this.say();
      this.notes();
      if (this.controls.playing.size) return; // browsers refuse many changes of the address in a row
      this.writeAddress();
    }

    notes() {
      const counts = this.spec.controls.map((control) => control.values.length);
      this.controls.note((k) => {
        let line = 0;
        counts.forEach((n, j) => { if (j !== k) line = line * n + this.controls.position[j]; });
        return this.spec.effects[this.spec.controls[k].name][line] === "1";
      });
    }
  };
})();
