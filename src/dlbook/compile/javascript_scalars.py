"""How scalars and sizes are written in JavaScript."""

import sympy

from dlbook.compile.lowering import CannotCompile
from dlbook.compile.scalars import Scalar
from dlbook.compile.sizes import Size

# In JavaScript's 53 bits; "float32" around an operation makes it torch's float32 operation.
UNARY = {
    "neg": "(-{0})", "reciprocal": "(1/{0})", "sigmoid": "(1/(1+exp(-{0})))",
    "rsqrt": "(1/sqrt({0}))", "sign": "sign({0}||0)", "round": "roundEven({0})",
    "isnan": "({0}!={0})", "isinf": "(abs({0})==Infinity)", "relu": "max({0},0)", "not": "(!{0})",
    "float32": "fround({0})", "cut": "cut({0})", "whole": "whole({0})",
} | {
    name: f"{name}({{0}})"
    for name in ("exp", "log", "log1p", "expm1", "log2", "log10", "tanh", "sin", "cos", "tan",
                 "asin", "acos", "atan", "sinh", "cosh", "erf", "sqrt", "abs", "floor", "ceil",
                 "trunc")
}  # fmt: skip
INFIX = ("+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=")
OTHERS = {
    **{op: f"({{0}}{op}{{1}})" for op in INFIX},
    **{
        name: f"{name}({{0}},{{1}})"
        for name in ("max", "min", "atan2", "power", "remainder", "floorDivide")
    },
    "and": "(!!{0}&&!!{1})", "or": "(!!{0}||!!{1})", "xor": "(!!{0}!=!!{1})",
    "select": "({0}?{1}:{2})",
    "inside": "inside({0},{1})",
    "beats": "({2}||{0}!={0}&&{1}=={1})",  # a NaN beats everything, but the first of them stays
}  # fmt: skip
TEMPLATES = UNARY | OTHERS
FROM_MATH = ("fround", "exp", "log", "log1p", "expm1", "log2", "log10", "sin", "cos", "tan", "asin",
             "acos", "atan", "atan2", "sinh", "cosh", "sqrt", "abs", "sign", "floor", "ceil",
             "trunc", "max", "min")  # fmt: skip
FROM_LIBRARY = ("tanh", "erf", "roundEven", "power", "remainder", "floorDivide", "cut", "whole",
                "inside")  # fmt: skip  # functions.js


def operation(scalar: Scalar, arguments: list[str]) -> str:
    """A scalar written with its arguments, which are written already."""
    return TEMPLATES[scalar.op].format(*arguments)


def number(text: str) -> str:
    """A constant; negative ones in brackets."""
    text = text.removesuffix(".0")
    return f"({text})" if text.startswith("-") else text


def size(value: Size) -> str:
    """A size, with brackets where it is more than a name or a number."""
    if not isinstance(value, sympy.Basic):
        return number(repr(value))
    if isinstance(value, sympy.Symbol):
        return value.name
    if isinstance(value, sympy.Integer):
        return number(str(int(value)))
    if isinstance(value, (sympy.Float, sympy.Rational)):
        return number(repr(float(value)))
    return _compound_size(value)


# torch's own functions of sizes, by their names.
FUNCTIONS_OF_SIZES = {
    "FloorDiv": "Math.floor({0}/{1})", "CleanDiv": "({0}/{1})",
    **dict.fromkeys(("Mod", "PythonMod"), "((({0}%{1})+{1})%{1})"), "ToFloat": "{0}",
    "TruncToInt": "Math.trunc({0})",
    "FloatTrueDiv": "({0}/{1})", "IntTrueDiv": "({0}/{1})", "FloatPow": "Math.pow({0},{1})",
    "PowByNatural": "Math.pow({0},{1})", "OpaqueUnaryFn_sqrt": "Math.sqrt({0})",
    "OpaqueUnaryFn_log": "Math.log({0})", "OpaqueUnaryFn_exp": "Math.exp({0})",
    "CeilToInt": "Math.ceil({0})", "FloorToInt": "Math.floor({0})",
    "floor": "Math.floor({0})", "ceiling": "Math.ceil({0})",
}  # fmt: skip


def _compound_size(value: sympy.Expr) -> str:
    arguments = [size(argument) for argument in value.args]
    name = type(value).__name__
    if value.is_Add:
        return f"({'+'.join(arguments)})"
    if value.is_Mul:
        return f"({'*'.join(arguments)})"
    if value.is_Pow and value.exp.is_Integer and value.exp > 0:
        return f"({'*'.join(arguments[:1] * int(value.exp))})"
    if value.is_Pow:
        return f"Math.pow({arguments[0]},{arguments[1]})"
    if name in ("Max", "Min"):
        return f"Math.{name.lower()}({','.join(arguments)})"
    if name not in FUNCTIONS_OF_SIZES:
        raise CannotCompile(f"sizes can't be combined by {name}: {value}")
    return FUNCTIONS_OF_SIZES[name].format(*arguments)
