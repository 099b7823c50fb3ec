/* Spreads a run over the frames of the page: some training, then a picture, then the reader's turn. */
(() => {
  const TRAINING = 8, DRAWING = 6; // milliseconds of a frame of 16.7, at most, where a step is short

  /* `train()` does one step and says whether there is more to do; `draw()` shows the present state,
     the last time when `running` is over.
     A frame does at most `limit()` steps, at least one, and none after its time is up. From one that
     trains to the next pass at least `rest()` milliseconds. Where drawing takes long, only every
     second, third, ... frame is drawn. `now` and `nextFrame` are the
     clock, so that a test can bring its own. */
  DLBOOK.Scheduler = class {
    constructor(train, draw, clock = { now: () => performance.now(), nextFrame: (f) => requestAnimationFrame(f) }) {
      Object.assign(this, { train, draw, clock });
      this.limit = () => Infinity;
      this.rest = () => 0;
      this.began = -Infinity; // of the last frame that trained
      this.running = false;
      this.asked = false; // a frame is on its way
      this.drawTime = 0; // smoothed, in milliseconds
      this.undrawn = 0; // frames since the last picture
    }

    start() {
      this.running = true;
      this.ask();
    }

    stop() {
      const running = this.running;
      this.running = false;
      if (running) this.show();
    }

    ask() {
      if (this.asked) return;
      this.asked = true;
      this.clock.nextFrame(() => {
        this.asked = false;
        if (this.running) this.frame();
      });
    }

    frame() {
      const began = this.clock.now();
      if (began - this.began < this.rest()) return this.ask();
      this.began = began;
      const limit = this.limit();
      let done = 0, more = true;
      do { more = this.train(); done++; }
      while (more && done < limit && this.clock.now() - began < TRAINING);
      this.undrawn++;
      this.running &&= more;
      if (!more || this.undrawn * DRAWING >= this.drawTime) this.show();
      if (this.running) this.ask();
    }

    show() {
      const began = this.clock.now();
      this.draw();
      this.undrawn = 0;
      this.drawTime += 0.3 * (this.clock.now() - began - this.drawTime);
    }
  };
})();
