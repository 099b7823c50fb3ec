"""A flat graph as machine code, by torch's inductor, where a C++ compiler is at hand."""

import os
import shutil
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.fx import GraphModule

from dlbook.sweep.graph import Flat

TESTED = ("2.13",)  # inductor has no stable interface: other versions of torch run without it
OPTIONS = {
    "cpp_wrapper": True,  # the loop over operations in C++, too: it lets other threads run
    "cpp.enable_floating_point_contract_flag": "fast",  # a · b + c rounded once, as processors can
}


def why_not_compiled(device: str | torch.device) -> str | None:
    """What stands against compiling on this machine; None if nothing."""
    if torch.device(device).type != "cpu":
        return "members on a GPU are not compiled"
    version = ".".join(torch.__version__.split(".")[:2])
    if version not in TESTED:
        return f"torch {version} was not tried; {', '.join(TESTED)} was"
    compiler = os.environ.get("CXX", "g++")
    return None if shutil.which(compiler) else f"there is no C++ compiler {compiler}"


def compile_graph(graph: GraphModule, example: Sequence[Tensor]) -> Flat:
    """The graph as a compiled function at the sizes of `example`; torch keeps it on disk."""
    import torch._inductor.config as config
    from torch._inductor import standalone_compile

    with config.patch(OPTIONS):
        return standalone_compile(graph, list(example), dynamic_shapes="from_example_inputs")
