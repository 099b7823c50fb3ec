"""TensorFlow.js beside the compiled programs: the same network, weights, data and updates."""

import shutil
import subprocess
from pathlib import Path

from torch import Tensor

from chromium import say

VERSION = "4.22.0"
PACKAGES = (f"@tensorflow/tfjs@{VERSION}", f"@tensorflow/tfjs-backend-wasm@{VERSION}")
FILES = ("tfjs/dist/tf.min.js", "tfjs-backend-wasm/dist/tf-backend-wasm.min.js")
LIMIT = 300  # seconds for npm

# A multilayer perceptron with tanh, in TensorFlow.js; `rateTensorflow` gives steps a second.
SCRIPT = """
var TENSORFLOW = {};
async function startTensorflow(network, backend) {
  await tf.setBackend(backend);
  const X = tf.tensor2d(network.X), y = tf.tensor2d(network.y, [network.y.length, 1]);
  const weights = network.weights.map((W) => tf.variable(tf.tensor2d(W)));
  const biases = network.biases.map((b) => tf.variable(tf.tensor1d(b)));
  const optimizer = tf.train[network.optimizer](network.learningRate);
  const loss = () => {
    let h = X;
    weights.forEach((W, l) => {
      h = tf.add(tf.matMul(h, W, false, true), biases[l]);
      if (l < weights.length - 1) h = tf.tanh(h);
    });
    return tf.mean(tf.sub(tf.softplus(h), tf.mul(y, h))); // cross-entropy of logits
  };
  const variables = [...weights, ...biases];
  const step = () => optimizer.minimize(loss, false, variables);
  TENSORFLOW[backend] = { step, loss: () => tf.tidy(() => loss().dataSync()[0]) };
}
async function lossTensorflow(backend, steps) {
  await tf.setBackend(backend);
  for (let k = 0; k < steps; k++) TENSORFLOW[backend].step();
  return TENSORFLOW[backend].loss();
}
async function rateTensorflow(backend, seconds) {
  await tf.setBackend(backend);
  const { step, loss } = TENSORFLOW[backend], start = performance.now();
  let done = 0;
  while (performance.now() - start < 1000 * seconds) { step(); done++; }
  loss(); // whatever was put off is done
  return 1000 * done / (performance.now() - start);
}
"""


def fetch_tensorflow(folder: Path) -> list[str]:
    """TensorFlow.js from npm into `folder`: its scripts, relative to it; none where npm fails."""
    npm = shutil.which("npm")
    if not npm:
        say("TensorFlow.js: not compared, npm is not installed")
        return []
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    options = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock", "--silent"]
    done = subprocess.run(
        [npm, "install", *options, *PACKAGES],
        cwd=folder,
        timeout=LIMIT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say(f"TensorFlow.js: not compared, npm says {done.stderr.strip()[:200]}")
        return []
    return [f"node_modules/@tensorflow/{name}" for name in FILES]


def network_of(
    params: dict[str, Tensor], batch: dict[str, Tensor], optimizer: str, lr: float
) -> dict:
    """A multilayer perceptron, its data and its optimizer as plain lists."""
    return {
        "weights": [p.tolist() for name, p in params.items() if name.endswith("weight")],
        "biases": [p.tolist() for name, p in params.items() if name.endswith("bias")],
        "X": batch["X"].tolist(),
        "y": batch["y"].tolist(),
        "optimizer": optimizer,
        "learningRate": lr,
    }
