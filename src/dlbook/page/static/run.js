/* An experiment in the page: its compiled functions called in turn, as `TorchRun` in
   dlbook/compile/experiment.py does with torch. */
(() => {
  /* `spec` says which program a choice takes and what the settings are; `programs` are all compiled
     functions of the explorer. Each stage has an arena, the memory of its present program. */
  DLBOOK.Run = class {
    constructor(spec, programs) {
      Object.assign(this, { spec, programs });
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
      this.draw("data");
      this.stages.data.run();
      this.hand("data", "batch.", ["start", "step", "view"], "batch.");
      this.draw("start");
      this.stages.start.run();
      this.hand("start", "params.", ["step"]);
      this.hand("start", "state.", ["step"]);
    }

    /* New numbers for the run under way. */
    change(values) {
      this.values = values;
      for (const { inputs } of Object.values(this.stages))
        for (const name of this.spec.numbers)
          if (inputs[`hyper.${name}`]) inputs[`hyper.${name}`][0] = Number(values[name]) || 0; // "none" is 0
    }

    /* One training step; false once the loss is no number. */
    step() {
      const { step } = this.stages;
      if (step.draws.length) this.draw("step");
      step.run();
      this.numSteps++;
      this.loss = step.outputs.loss[0];
      return Number.isFinite(this.loss);
    }

    /* The outputs of the view, as they are now. */
    view() {
      const { step, view } = this.stages;
      for (const [name, values] of Object.entries(view.inputs))
        if (/^(params|state)\./.test(name)) values.set(step.inputs[name]);
      if (view.draws.length) this.draw("view");
      view.run();
      return view.outputs;
    }

    /* Outputs of one stage become inputs of others, where these have them. */
    hand(from, prefix, to, added = "") {
      for (const [name, values] of Object.entries(this.stages[from].outputs))
        for (const stage of to) {
          const target = this.stages[stage].inputs[added ? `${added}${name}` : name];
          if (target && (added || name.startsWith(prefix))) target.set(values);
        }
    }

    /* Random inputs of a stage: the draws that `dlbook.random` makes in Python. */
    draw(stage) {
      const known = { num_steps: this.numSteps };
      for (const name of this.spec.ints) known[name] = Number(this.values[name]);
      DLBOOK.random.draw(this.stages[stage], known);
    }
  };
})();
