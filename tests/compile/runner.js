/* Runs compiled programs and hands back their numbers; in a page as under Node.

   JOBS.push({ start: (kernels, sizes) => program, sizes, inputs, ints, runs }): arrays travel as
   base64 of their bytes. */
const JOBS = [];

const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

function base64Of(array) {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let text = "";
  for (let k = 0; k < bytes.length; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  return btoa(text);
}

function runJob({ start, sizes, inputs, ints, runs }) {
  const program = start(new DLBOOK.Arena(), sizes);
  for (const [name, base64] of Object.entries(inputs)) {
    const array = program.inputs[name], bytes = bytesOf(base64);
    array.set(new array.constructor(bytes.buffer));
  }
  for (let step = 0; step < runs; step++) {
    DLBOOK.random.draw(program, { ...ints, step });
    program.run();
  }
  const outputs = {};
  for (const [name, array] of Object.entries(program.outputs))
    outputs[name] = [array.constructor.name, program.shapes[name], base64Of(array)];
  return outputs;
}

function runJobs() {
  return JOBS.map((job) => {
    try {
      return { outputs: runJob(job) };
    } catch (error) {
      return { error: String(error.stack ?? error) };
    }
  });
}
