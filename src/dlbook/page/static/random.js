/* The draws of dlbook/random.py with the same bits: Philox 4x32-10 counted from (seed, stream). */
(() => {
  const ROUNDS = 10;

  /* High 32 bits of the product of two 32-bit words, by halves of 16 bits. */
  function high(a, b) {
    const a0 = a & 0xffff, a1 = a >>> 16, b0 = b & 0xffff, b1 = b >>> 16;
    const low = a0 * b0, middle = a1 * b0 + (low >>> 16); // at most 2^32 - 2^16: exact
    const other = a0 * b1 + (middle % 0x10000);
    return (a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000)) >>> 0;
  }

  /* One block: four words of a counter of four under a key of two. */
  function philox(counter, key) {
    let [c0, c1, c2, c3] = counter, [k0, k1] = key;
    for (let round = 0; round < ROUNDS; round++) {
      const h0 = high(0xd2511f53, c0), l0 = Math.imul(0xd2511f53, c0);
      const h1 = high(0xcd9e8d57, c2), l1 = Math.imul(0xcd9e8d57, c2);
      [c0, c1, c2, c3] = [(h1 ^ c1 ^ k0) >>> 0, l1 >>> 0, (h0 ^ c3 ^ k1) >>> 0, l0 >>> 0];
      k0 = (k0 + 0x9e3779b9) >>> 0;
      k1 = (k1 + 0xbb67ae85) >>> 0;
    }
    return [c0, c1, c2, c3];
  }

  /* The first `count` words of (seed, stream). */
  function words(count, seed, stream) {
    const out = new Uint32Array(Math.ceil(count / 4) * 4);
    for (let b = 0; 4 * b < count; b++) out.set(philox([b, 0, 0, 0], [seed >>> 0, stream >>> 0]), 4 * b);
    return out.subarray(0, count);
  }

  /* floor(word * n / 2^32), exact for n up to 2^31. */
  const scaled = (word, n) => (n < 0x200000 ? Math.floor((word * n) / 4294967296) : high(word, n));

  function uniform(values, seed, stream) {
    const w = words(values.length, seed, stream);
    for (let k = 0; k < w.length; k++) values[k] = (w[k] >>> 8) / 16777216;
  }

  function integers(values, seed, stream, n) {
    const w = words(values.length, seed, stream);
    for (let k = 0; k < w.length; k++) values[k] = scaled(w[k], n);
  }

  function permutation(values, seed, stream) {
    const n = values.length, w = words(Math.max(n - 1, 0), seed, stream);
    for (let i = 0; i < n; i++) values[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = scaled(w[n - 1 - i], i + 1), kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  const KINDS = { uniform, integers, permutation };

  /* Fill the draws of a program for these integers ({seed, step, ...}); what has not changed since
     the last time is left alone. */
  function draw(program, ints = {}) {
    for (const one of program.draws) {
      const seed = one.seed(ints), stream = one.stream(ints), key = `${seed}/${stream}`;
      for (const word of [seed, stream])
        if (word >>> 0 !== word) throw new Error(`${word} is a draw's seed or stream; it must be in [0, 2^32)`);
      if (one.key !== key) KINDS[one.kind](one.values, seed, stream, one.high);
      one.key = key;
    }
  }

  DLBOOK.random = { philox, words, uniform, integers, permutation, draw };
})();
