/* A packed table back to numbers; the counterpart of dlbook/explore/pack.py. */
(() => {
  const ARRAYS = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array };

  async function inflate(base64) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /* Bytes of equal significance stand side by side in the file; put each number together again. */
  function codesOf(field, bytes) {
    const Codes = ARRAYS[field.type], width = Codes.BYTES_PER_ELEMENT, n = field.count;
    if (field.offset + n * width > bytes.length) throw new Error("the data of the figure is cut short");
    const mixed = new Uint8Array(n * width);
    for (let k = 0; k < width; k++)
      for (let i = 0, from = field.offset + k * n; i < n; i++) mixed[i * width + k] = bytes[from + i];
    return new Codes(mixed.buffer);
  }

  const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);

  /* Undo the differences; typed arrays wrap around just as NumPy's do. */
  function undoPrediction(field, codes) {
    if (field.predictor === "none") return;
    const step = field.predictor === "item" ? 1 : sizeOf(field.item);
    for (let i = step; i < codes.length; i++) codes[i] += codes[i - step];
  }

  function numbersOf(field, bytes) {
    const codes = codesOf(field, bytes);
    undoPrediction(field, codes);
    if (field.type === "float32") return codes;
    return Float64Array.from(codes, (code) => field.low + field.scale * code);
  }

  /* The shape of an entry: the same for all (`item`), or one each (`items`). */
  const shapeOf = (field, entry) => field.item ?? field.items[entry];

  /* Where the numbers of each entry of a field begin; one more mark at the end. */
  function marksOf(field) {
    const marks = [0];
    for (let i = 0; i < sizeOf(field.shape); i++) marks.push(marks[i] + sizeOf(shapeOf(field, i)));
    return marks;
  }

  /* The entry of a field at a grid position: a word, an array, or rows of one. */
  function valueAt(field, position) {
    let entry = 0;
    field.shape.forEach((n, k) => { entry = entry * n + (n > 1 ? position[k] : 0); });
    if (field.words) return field.words[field.index[entry]];
    const flat = field.numbers.subarray(field.marks[entry], field.marks[entry + 1]);
    const [rows, columns] = shapeOf(field, entry);
    if (columns === undefined) return flat;
    return Array.from({ length: rows }, (_, r) => flat.subarray(r * columns, (r + 1) * columns));
  }

  DLBOOK.unpack = async (fields, base64) => {
    const bytes = await inflate(base64);
    for (const field of fields) {
      if (field.words) continue;
      field.numbers = numbersOf(field, bytes);
      field.marks = marksOf(field);
    }
    return (field, position) => valueAt(field, position);
  };
})();
