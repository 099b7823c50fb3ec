"""Torch functions as programs that run, and train, in a static page."""

from dlbook.compile.lowering import CannotCompile
from dlbook.compile.program import DrawInfo, Program, TensorInfo, compile_program

__all__ = ["CannotCompile", "DrawInfo", "Program", "TensorInfo", "compile_program"]
