/* Memory and kernels of compiled programs.

   `new DLBOOK.Arena()` is the home of one program: it owns a memory with the kernels of kernels.wasm
   in it. A program, started in an arena, takes all of it: what was there before is gone. */
(() => {
  const PAGE = 65536; // bytes, WebAssembly's unit
  const ALIGNED = 16; // bytes; a buffer begins at a multiple (emit_js.py counts on it)
  let module = null;

  DLBOOK.receiveKernels = (base64) => {
    module = new WebAssembly.Module(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
  };

  DLBOOK.Arena = class {
    constructor() {
      this.functions = DLBOOK.functions;
      this.wasm = new WebAssembly.Instance(module).exports;
      this.start = this.top = this.wasm.memory.buffer.byteLength; // the kernels' own part ends here
      const { product, copy, exp, tanh, sigmoid, relu, gate } = this.wasm;
      const address = (array, at) => array.byteOffset + 4 * at;
      this.product = (rows, inner, width, a, atA, row, step, b, atB, next, out, at) =>
        product(rows, inner, width, address(a, atA), row, step, address(b, atB), next, address(out, at));
      this.copy = (out, from, at, ...numbers) => copy(out.byteOffset, address(from, at), ...numbers);
      this.gate = (x, y) => gate(x.byteOffset, y.byteOffset, x.length);
      const inPlace = (kernel) => (array) => kernel(array.byteOffset, array.length);
      this.all = { exp: inPlace(exp), tanh: inPlace(tanh), sigmoid: inPlace(sigmoid), relu: inPlace(relu) };
    }

    /* Room for a program of so many bytes, filled with zeros. Views of the one before are invalid. */
    reserve(bytes) {
      if (!(bytes >= 0)) throw new Error("a size of the program is missing or is not a number");
      const { memory } = this.wasm, missing = this.start + bytes - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      this.top = this.start;
      new Uint8Array(memory.buffer, this.start).fill(0);
    }

    new(Type, length) {
      const array = new Type(this.wasm.memory.buffer, this.top, length);
      this.top = Math.ceil((this.top + array.byteLength) / ALIGNED) * ALIGNED;
      return array;
    }
  };
})();
