"""The page draws the numbers that dlbook.random draws, with the same bits."""

import json
import random as plain_random
import subprocess

import pytest
import torch
from machine import has_node, runtime

from dlbook import random
from dlbook.random import philox4x32

pytest.importorskip("playwright")
from chromium import chromium

# Known answers of Salmon et al. 2011 (Random123, kat_vectors, philox4x32-10).
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]  # fmt: skip

SCRIPT = """
function drawn(calls) {
  const { philox, uniform, integers, permutation } = DLBOOK.random;
  return calls.map(([kind, ...rest]) => {
    if (kind === "philox") return philox(...rest);
    const [count, seed, stream, high] = rest;
    const values = kind === "uniform" ? new Float32Array(count) : new Int32Array(count);
    DLBOOK.random[kind](values, seed, stream, high);
    return Array.from(values);
  });
}
"""


def calls_and_answers() -> tuple[list, list]:
    """Draws of every kind with many keys, and what Python draws."""
    choose = plain_random.Random(0)
    calls = [["philox", list(counter), list(key)] for counter, key, _ in KNOWN]
    answers = [list(words) for _, _, words in KNOWN]
    for _ in range(60):
        counter = [choose.getrandbits(32) for _ in range(4)]
        key = (choose.getrandbits(32), choose.getrandbits(32))
        calls.append(["philox", counter, list(key)])
        answers.append(philox4x32(torch.tensor([counter]), key)[0].tolist())
    for count in (1, 2, 3, 4, 5, 1001):
        seed, stream = choose.getrandbits(32), choose.getrandbits(32)
        key = {"seed": seed, "stream": stream}
        calls.append(["uniform", count, seed, stream])
        answers.append(random.uniform(count, **key).tolist())
        for high in (1, 7, 1000, 2**21 - 1, 2**21 + 5, 2**31 - 1):
            calls.append(["integers", count, seed, stream, high])
            answers.append(random.integers(high, count, **key).tolist())
        calls.append(["permutation", count, seed, stream])
        answers.append(random.permutation(count, **key).tolist())
    return calls, answers


def test_draws_in_a_page_have_the_same_bits():
    calls, answers = calls_and_answers()
    with chromium() as browser:
        page = browser.new_page()
        page.add_script_tag(content=runtime() + SCRIPT)
        assert page.evaluate("(calls) => drawn(calls)", calls) == answers


@pytest.mark.skipif(not has_node(), reason="Node is not installed; Chromium draws the same numbers")
def test_draws_under_node_have_the_same_bits(tmp_path):
    calls, answers = calls_and_answers()
    path = tmp_path / "draws.js"
    call = f"console.log(JSON.stringify(drawn({json.dumps(calls)})));"
    path.write_text(runtime() + SCRIPT + call, encoding="utf-8")
    done = subprocess.run(["node", str(path)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == answers
