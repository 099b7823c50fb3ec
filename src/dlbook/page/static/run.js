/* An experiment in the page: its compiled functions called in turn, as `TorchRun` in
   dlbook/compile/experiment.py does with torch. */
(() => {
  const WORDS = { none: 0, off: 0, on: 1 };
  const number = (word) => WORDS[word] ?? Number(word);

  /* `spec` says which program a choice takes and what the settings are; `programs` are all compiled
     functions of the explorer. Each stage has an arena, the memory of its present program. */
  DLBOOK.Run = class {
    constructor(spec, programs) {
      Object.assign(this, { spec, programs, points: [], edits: [] });
      this.arenas = Object.fromEntries(Object.keys(spec.stages).map((stage) => [stage, new DLBOOK.Arena()]));
    }

    /* `values`: setting -> its word in the address. Makes the data and begins again. */
    restart(values) {
      this.values = values;
      this.numSteps = 0;
      this.loss = NaN;
      const sizes = Object.fromEntries(this.spec.sizes.map((name) => [name, Number(values[name])]));
      const made = Object.entries(this.spec.stages).map(([stage, { by, programs }]) =>
        [stage, this.programs[programs[by.map((name) => values[name]).join(" ")]](this.arenas[stage], sizes)]);
      this.stages = Object.fromEntries(made);
      this.change(values);
      this.setPoints(this.points);
      this.draw("start");
      this.stages.start.run();
      this.give("step", this.stages.start.outputs); // params and state
      this.setDue();
    }

    get diverged() { return this.numSteps > 0 && !Number.isFinite(this.loss); }

    /* Weights that are set by hand after so many steps: [step, name, unit, source, value] each. */
    setDue() {
      const { inputs, shapes } = this.stages.step;
      for (const [step, name, unit, source, value] of this.edits) {
        const shape = shapes[`params.${name}`];
        if (step !== this.numSteps || !shape) continue;
        const [rows, columns = 1] = shape;
        if (unit < rows && source < columns) inputs[`params.${name}`][unit * columns + source] = value;
      }
    }

    /* The view as if a number were another one; null: as it is set. */
    peek(name, word) {
      this.stages.view.inputs[`hyper.${name}`][0] = number(word ?? this.values[name]);
    }

    /* The reader's own points, rows of x1, x2 and label: makes the data; the run goes on. */
    setPoints(points) {
      this.points = points;
      const { inputs } = this.stages.data, room = inputs["points.used"];
      if (room) {
        inputs["points.X"].fill(0).set(points.flatMap(([x1, x2]) => [x1, x2]));
        inputs["points.label"].fill(0).set(points.map(([, , label]) => label));
        room.fill(0).fill(1, 0, points.length);
      }
      this.draw("data");
      this.stages.data.run();
      const batch = prefixed("batch.", this.stages.data.outputs);
      for (const stage of ["start", "step", "view"]) this.give(stage, batch);
    }

    /* New numbers for the run under way. */
    change(values) {
      this.values = values;
      for (const { inputs } of Object.values(this.stages))
        for (const name of this.spec.numbers)
          if (inputs[`hyper.${name}`]) inputs[`hyper.${name}`][0] = number(values[name]);
    }

    /* Whether there is nothing more to do: the loss is no number, or the step said that it is done. */
    get over() {
      const { done } = this.stages.step.outputs;
      return this.diverged || (this.numSteps > 0 && Boolean(done?.[0]));
    }

    /* One training step; false where no other one should follow. */
    step() {
      const { step } = this.stages;
      if (step.draws.length) this.draw("step");
      step.run();
      this.numSteps++;
      this.loss = step.outputs.loss[0];
      if (this.edits.length) this.setDue();
      return !this.over;
    }

    /* The outputs of the view, as they are now. */
    view() {
      const { step, view } = this.stages;
      for (const [name, values] of Object.entries(view.inputs))
        if (/^(params|state)\./.test(name)) values.set(step.inputs[name]); // the step's memory has the newest
      if (view.draws.length) this.draw("view");
      view.run();
      return view.outputs;
    }

    /* Arrays become the inputs of that name, where the stage has them. */
    give(stage, arrays) {
      const { inputs } = this.stages[stage];
      for (const [name, values] of Object.entries(arrays)) {
        const input = inputs[name];
        if (input && input.length !== values.length)
          throw new Error(`${stage} takes ${input.length} numbers as ${name}, but ${values.length} are made`);
        input?.set(values);
      }
    }

    /* Random inputs of a stage: the draws that `dlbook.random` makes in Python. */
    draw(stage) {
      const known = { num_steps: this.numSteps };
      for (const name of this.spec.ints) known[name] = Number(this.values[name]);
      DLBOOK.random.draw(this.stages[stage], known);
    }
  };

  const prefixed = (prefix, arrays) =>
    Object.fromEntries(Object.entries(arrays).map(([name, values]) => [prefix + name, values]));
})();
