"""The line of the model that is at work while a function is traced, for messages."""

import linecache
import sys
from pathlib import Path
from types import FrameType

import torch
from torch.fx import traceback as fx_traceback
from torch.overrides import TorchFunctionMode

TORCH = str(Path(torch.__file__).parent)
HERE = str(Path(__file__).parent)


class LineRecorder(TorchFunctionMode):
    """Every node that is traced carries the line of the model that it comes from."""

    line = "a line that is not known"  # the last one

    def __torch_function__(self, func, types, args=(), kwargs=None):
        self.line = user_line(sys._getframe(1))
        fx_traceback.set_stack_trace([self.line])
        return func(*args, **(kwargs or {}))


def user_line(frame: FrameType | None) -> str:
    """The innermost line outside torch and this package, and the torch module it calls."""
    module = None
    while frame is not None:
        code = frame.f_code
        if not code.co_filename.startswith((TORCH, HERE)):
            break
        owner = frame.f_locals.get("self")
        if module is None and code.co_name == "forward" and isinstance(owner, torch.nn.Module):
            module = type(owner).__name__
        frame = frame.f_back
    if frame is None:
        return "a line that is not known"
    path, line = frame.f_code.co_filename, frame.f_lineno
    text = linecache.getline(path, line).strip()
    inside = f"nn.{module} in " if module else ""
    return f"{inside}{Path(path).name}:{line}: {text}"
