/* The native controls of one explorer: values, texts, play buttons, notes, reset. */
(() => {
  DLBOOK.Controls = class {
    constructor(root, controls, onMove) {
      this.root = root;
      this.controls = controls;
      this.onMove = onMove;
      this.position = controls.map((control) => control.default);
      this.rows = controls.map((control) => root.querySelector(`[data-setting="${control.name}"]`));
      this.inputs = this.rows.map((row) => row.querySelector("input, select"));
      this.boxes = this.rows.map((row) => [...row.querySelectorAll(".explorer-subset input")]);
      this.inputs.forEach((input, k) => {
        for (const node of this.boxes[k].length ? this.boxes[k] : [input])
          node.addEventListener("input", () => this.moved(k));
      });
      this.playing = new Set(); // of functions that stop it
      this.rows.forEach((row, k) => this.connectPlay(row.querySelector(".explorer-play"), k));
      root.querySelector(".explorer-reset").addEventListener("click", () => {
        this.playing.forEach((stop) => stop());
        this.set(controls.map((control) => control.default));
      });
    }

    enable() {
      this.root.querySelectorAll("input, select, button").forEach((node) => { node.disabled = false; });
    }

    set(position) {
      position.forEach((at, k) => this.write(k, at));
      this.position = [...position];
      this.onMove();
    }

    moved(k) {
      const input = this.inputs[k], boxes = this.boxes[k];
      if (boxes.length) this.position[k] = boxes.reduce((bits, box, bit) => bits | (Number(box.checked) << bit), 0);
      else this.position[k] = input.type === "checkbox" ? Number(input.checked) : Number(input.value);
      this.write(k, this.position[k]);
      this.onMove();
    }

    write(k, at) {
      const control = this.controls[k], input = this.inputs[k];
      const text = control.texts[at] + (control.unit ? ` ${control.unit}` : "");
      if (this.boxes[k].length) this.boxes[k].forEach((box, bit) => { box.checked = Boolean((at >> bit) & 1); });
      else if (input.type === "checkbox") input.checked = Boolean(at);
      else input.value = at;
      if (input.type === "range") input.setAttribute("aria-valuetext", text);
      this.rows[k].querySelector("output").textContent = text;
    }

    /* Say where a control does nothing at the present setting of the others. */
    note(hasEffect) {
      this.rows.forEach((row, k) => {
        const note = row.querySelector(".explorer-note"), idle = !hasEffect(k);
        if (note.hidden !== idle) return;
        note.hidden = !idle;
        if (idle) this.inputs[k].setAttribute("aria-describedby", note.id);
        else this.inputs[k].removeAttribute("aria-describedby");
      });
    }

    connectPlay(button, k) {
      if (!button) return;
      let timer = null;
      const last = this.controls[k].values.length - 1;
      const stop = () => {
        clearInterval(timer);
        timer = null;
        this.playing.delete(stop);
        button.textContent = "▶";
        button.setAttribute("aria-pressed", "false");
      };
      const step = () => {
        if (this.position[k] < last) this.write(k, ++this.position[k]);
        if (this.position[k] >= last) stop();
        this.onMove();
      };
      button.addEventListener("click", () => {
        if (timer) { stop(); return this.onMove(); }
        if (this.position[k] >= last) { this.write(k, (this.position[k] = 0)); this.onMove(); }
        timer = setInterval(step, this.controls[k].interval * 1000);
        this.playing.add(stop);
        button.textContent = "❚❚";
        button.setAttribute("aria-pressed", "true");
      });
      this.inputs[k].addEventListener("input", stop);
    }
  };
})();
