/* An explorer in which a model trains: buttons, speed, curves, words. */
(() => {
  /* "{loss:.3f}" in a sentence, with the formats that dlbook/explore/training_explorer.py allows. */
  function filled(sentence, numbers) {
    return sentence.replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, format = "") => {
      const value = numbers[name], digits = Number(format.slice(1, -1));
      if (format.startsWith(",")) return Math.round(value).toLocaleString("en");
      if (format.endsWith("%")) return `${(100 * value).toFixed(digits)}%`;
      if (format.endsWith("f")) return value.toFixed(digits);
      if (format.endsWith("g")) return String(Number(value.toPrecision(digits)));
      return String(value);
    });
  }

  /* Steps of a frame after so many steps. "even" goes evenly along a logarithmic axis of steps. */
  const SPEEDS = { slow: () => 1, single: () => 1, even: (done) => 1 + done / 40, full: () => Infinity };

  DLBOOK.TrainingExplorer = class extends DLBOOK.Explorer {
    async prepare(programs) {
      const { spec, root } = this;
      this.run = new DLBOOK.Run(spec.run, programs);
      this.curves = spec.run.curves.map((curve) => ({ ...curve, x: [], y: [] }));
      this.scheduler = new DLBOOK.Scheduler(() => this.advance(), () => this.show());
      this.scheduler.limit = () => SPEEDS[this.buttons.speed.value](this.run.numSteps);
      this.scheduler.rest = () => (this.buttons.speed.value === "slow" ? 500 : 0);
      this.buttons = Object.fromEntries(["train", "step", "restart", "speed"].map((name) =>
        [name, root.querySelector(`.explorer-${name}`)]));
      if (spec.run.points) this.points = new DLBOOK.OwnPoints(root, spec.name, spec.run.points, () => this.edit());
      if (spec.run.weights) this.weights = new DLBOOK.SetWeights(this);
      if (spec.run.code) this.code = new DLBOOK.NotebookCode(this);
      if (spec.run.tiles) this.tiles = new DLBOOK.Tiles(this);
      this.parts = [this.points, this.weights].filter(Boolean); // with a state of their own
      this.restart();
      for (const [path, value] of this.leaves()) this.apply([[path, value]]);
    }

    begin() {
      const { train, step, restart } = this.buttons;
      train.addEventListener("click", () => this.toggle());
      step.addEventListener("click", () => { this.pause(); this.advance(); this.show(); });
      restart.addEventListener("click", () => { this.pause(); this.restart(); this.show(); });
      for (const part of [...this.parts, this.tiles]) part?.listen(this.drawing.plot, this.drawing);
      this.root.querySelector(".explorer-reset").addEventListener("click", () => {
        this.pause();
        this.parts.forEach((part) => part.reset());
      }, true);
      this.weights?.mark();
      this.tiles?.refresh();
      this.code?.write();
      const seen = new IntersectionObserver(([entry]) => this.notice(entry.isIntersecting));
      seen.observe(this.drawing.plot);
    }

    /* Trains only while the reader can see it. */
    notice(visible) {
      if (visible && this.away) this.scheduler.start();
      this.away = !visible && (this.scheduler.running || this.away);
      if (!visible) this.scheduler.stop();
    }

    toggle() {
      if (this.scheduler.running || this.away) return this.pause();
      if (this.ended()) this.restart();
      const { top, bottom } = this.drawing.plot.getBoundingClientRect();
      if (bottom < 0 || top > innerHeight) this.drawing.plot.scrollIntoView({ block: "nearest" });
      this.scheduler.start();
      this.label(true);
    }

    pause() {
      this.away = false;
      this.scheduler.stop();
      this.label(false);
    }

    /* A sentence that changes four times a second is not read out until the training rests. */
    label(running) {
      this.status.setAttribute("aria-live", running ? "off" : "polite");
      this.buttons.train.textContent = running ? "❚❚ Pause" : "▶ Train";
      this.buttons.train.setAttribute("aria-pressed", String(running));
    }

    values() {
      return Object.fromEntries(this.spec.controls.map((control, k) =>
        [control.name, control.values[this.controls.position[k]]]));
    }

    /* One step; false once there is nothing more to do, or the curves have come to the end of
       their axis. */
    advance() { return this.attempt(() => this.run.step()) && !this.atEndOfAxis(); }

    atEndOfAxis() { return this.run.numSteps === this.spec.run.lastStep; }

    /* Where a program stops with an error (a number that a page has no room for, see functions.js),
       the reader is told. */
    attempt(action) {
      try {
        return action();
      } catch (error) {
        this.stopped = error.message;
        this.spec.figure.layout.meta = { status: this.sentence({ num_steps: this.run.numSteps, loss: this.run.loss }) };
        return false;
      }
    }

    /* Whether the run has diverged, or its program has stopped with an error. */
    ended() { return this.stopped !== null || this.run.diverged; }

    restart() {
      this.stopped = null;
      this.run.points = this.points?.rows() ?? [];
      this.run.edits = this.weights?.list ?? [];
      this.run.restart(this.values());
      this.weights?.fill();
      this.curves.forEach((curve) => { curve.x = []; curve.y = []; });
    }

    /* New points for the run under way. */
    edit() {
      this.run.setPoints(this.points.rows());
      this.show();
      this.rest();
    }

    readAddress() {
      super.readAddress();
      this.parts?.forEach((part) => part.read());
      this.arrange();
    }

    /* Controls that only matter with some values of another are shown only then. */
    arrange() {
      const { needs } = this.spec.run, values = this.values();
      this.spec.controls.forEach(({ name }, k) => {
        const [other, allowed] = needs[name] ?? [];
        this.controls.rows[k].hidden = Boolean(other) && !allowed.includes(values[other]);
      });
    }

    writeAddress() {
      super.writeAddress();
      this.parts.forEach((part) => part.write());
    }

    /* A number goes into the run under way, anything else starts over. */
    move() {
      const before = this.run.values, values = this.values(), { live } = this.spec.run;
      const moved = Object.keys(values).filter((name) => values[name] !== before[name]);
      const edited = String(this.run.points) !== String(this.points?.rows() ?? []) // by a reset or a link
        || String(this.run.edits) !== String(this.weights?.list ?? []);
      this.arrange();
      if (edited || !moved.every((name) => live.includes(name))) this.restart();
      else this.run.change(values);
      this.show();
      this.rest();
    }

    /* What can wait until the reader holds still: the address and the notebook's code. */
    rest() {
      clearTimeout(this.settled);
      this.settled = setTimeout(() => {
        this.settled = null;
        this.writeAddress();
        this.code?.write();
      }, 150);
    }

    show() {
      this.drawing.change(this.attempt(() => this.leaves()) || []);
      if (this.ended() || this.run.over || this.atEndOfAxis()) {
        this.scheduler.running = false;
        this.label(false);
      }
      const now = performance.now();
      if (this.scheduler.running && now - (this.said ?? 0) < 250) return; // words that flicker can't be read
      this.said = now;
      this.weights?.refresh();
      this.tiles?.refresh();
      this.say();
    }

    /* The leaves of the figure that are different now; also keeps the curves and the sentence. After
       a divergence the pictures stay. */
    leaves() {
      const { run, spec } = this, outputs = run.diverged ? null : run.view();
      const isLost = ({ output }) => run.numSteps > 0 && !Number.isFinite(outputs[output][0]);
      if (run.diverged || (this.curves.length && this.curves.every(isLost))) {
        spec.figure.layout.meta = { status: diverged(run.numSteps, this.shownSteps) };
        return [];
      }
      this.shownSteps = run.numSteps;
      const numbers = { num_steps: run.numSteps, loss: run.loss };
      for (const [name, values] of Object.entries(outputs)) if (values.length === 1) numbers[name] = values[0];
      const changed = spec.run.slots.filter((slot) => !same(slot.shown, outputs[slot.output]));
      const leaves = changed.map((slot) => {
        const { path, output, columns } = slot;
        slot.shown = Float32Array.from(outputs[output]);
        return [path, columns ? rows(slot.shown, columns) : Float64Array.from(slot.shown)];
      });
      for (const curve of this.curves) {
        if (run.numSteps) this.extend(curve, run.numSteps, numbers[curve.output]);
        leaves.push([["data", curve.trace, "x"], curve.x], [["data", curve.trace, "y"], curve.y]);
      }
      spec.figure.layout.meta = { status: this.sentence(numbers) };
      return leaves;
    }

    extend(curve, step, value) {
      if (curve.x.at(-1) === step) return;
      curve.x.push(step);
      curve.y.push(value);
      if (curve.x.length <= this.spec.run.longest) return;
      curve.x = curve.x.filter((_, i) => i % 2 === 0);
      curve.y = curve.y.filter((_, i) => i % 2 === 0);
    }

    sentence(numbers) {
      if (this.stopped !== null) return `Stopped after ${numbers.num_steps.toLocaleString("en")} steps: ${this.stopped}.`;
      const { status, statusWhere } = this.spec.run;
      const [, instead] = Object.entries(statusWhere).find(([output]) => numbers[output] > 0) ?? [];
      const said = filled(instead ?? status, numbers);
      return this.atEndOfAxis() ? `${said} Paused at the end of the axis.` : said;
    }
  };

  const diverged = (step, shown) =>
    `Diverged at step ${step.toLocaleString("en")}: the loss is no longer a number. The pictures are those `
    + `of step ${shown.toLocaleString("en")}. Take a smaller learning rate.`;

  const same = (old, now) => old?.length === now.length && old.every((value, i) => Object.is(value, now[i]));

  const rows = (flat, columns) =>
    Array.from({ length: flat.length / columns }, (_, r) => flat.slice(r * columns, (r + 1) * columns));
})();
