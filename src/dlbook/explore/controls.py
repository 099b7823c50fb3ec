"""Controls of an explorer: each is a finite list of plain values with a default and a label."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Control:
    """What every control has: the values it can take, which one it starts at, and its words.

    `kind` names the widget ("range", "choice", "toggle" or "subset"); `texts` are the values as the
    reader sees them; `interval` is the time per position in seconds while it plays, 0 where it
    can't.
    """

    positions: tuple
    default: object
    kind: str
    texts: tuple[str, ...]
    label: str | None = None
    unit: str = ""
    interval: float = 0.0
    members: tuple[str, ...] = ()  # of a subset

    @property
    def default_index(self) -> int:
        """The position of the default; `Explorer` checks that there is one."""
        return self.index(self.default)

    def index(self, value: object) -> int:
        """The position of `value`; floats are compared to a relative tolerance of 1e-9."""
        for index, position in enumerate(self.positions):
            if _same(position, value):
                return index
        raise ValueError(f"{value!r} is not one of its values: {self.describe()}")

    @property
    def addresses(self) -> tuple[str, ...]:
        """The values as they stand in the page's address."""
        return tuple(_address(value) for value in self.positions)

    def describe(self) -> str:
        """The allowed values in words, for error messages."""
        if len(self.texts) > 6:
            return f"{', '.join(self.texts[:3])}, ..., {self.texts[-1]}"
        return ", ".join(self.texts)


def Slider(low, high, *, value, step=1, label=None, unit="") -> Control:
    """A slider over `low`, `low + step`, ..., `high`; integers, or floats with a float `step`."""
    positions = _steps(low, high, step)
    return Control(positions, value, "range", _texts(positions), label, unit)


def Play(low, high, *, value, step=1, interval=0.25, label=None, unit="") -> Control:
    """A `Slider` with a play button that moves it one position every `interval` seconds."""
    positions = _steps(low, high, step)
    if not interval > 0:
        raise ValueError(f"interval must be a positive number of seconds, not {interval!r}")
    return Control(positions, value, "range", _texts(positions), label, unit, interval)


def LogSlider(low, high, *, value, per_decade=1, none=False, label=None, unit="") -> Control:
    """A slider over powers of ten from `low` to `high`, `per_decade` positions a decade.

    With `none`, an extra first position stands for "none" and has the value `None`.
    """
    if not 0 < low < high:
        raise ValueError(f"LogSlider needs 0 < low < high, not low={low!r}, high={high!r}")
    count = round(math.log10(high / low) * per_decade)
    if not math.isclose(low * 10 ** (count / per_decade), high, rel_tol=1e-6):
        raise ValueError(f"{high!r} is no whole number of steps above {low!r}")
    values = tuple(_tidy(low * 10 ** (i / per_decade)) for i in range(count + 1))
    positions = (None, *values) if none else values
    return Control(positions, value, "range", _texts(positions), label, unit)


def Steps(values: Sequence, *, value, label=None, unit="") -> Control:
    """A slider over the listed `values`, for scales such as 1, 3, 10, 30, 100."""
    if len(values) < 2:
        raise ValueError("Steps needs at least two values")
    positions = tuple(values)
    return Control(positions, value, "range", _texts(positions), label, unit)


def Choice(options: Sequence | Mapping, *, value, label=None, unit="") -> Control:
    """A choice among `options`: a sequence of values, or a mapping from words to values."""
    if isinstance(options, Mapping):
        texts, positions = tuple(map(str, options)), tuple(options.values())
    else:
        positions = tuple(options)
        texts = _texts(positions)
    if len(positions) < 2:
        raise ValueError("a Choice needs at least two options")
    return Control(positions, value, "choice", texts, label, unit)


def Toggle(*, value=False, label=None) -> Control:
    """A check box: `False` or `True`."""
    return Control((False, True), bool(value), "toggle", ("off", "on"), label)


def Subset(members: Sequence[str], *, value, label=None) -> Control:
    """A check box for each of `members`: the value is a whole number with a bit for each."""
    positions = tuple(range(2 ** len(members)))
    texts = tuple(
        ", ".join(name for bit, name in enumerate(members) if number >> bit & 1) or "none"
        for number in positions
    )
    return Control(positions, value, "subset", texts, label, members=tuple(members))


@dataclass(frozen=True)
class Predict:
    """A question that holds the figure back until the reader has chosen an answer.

    `because` is shown after the choice, whichever it was; `answer` is one of `options`.
    """

    question: str
    options: Sequence[str]
    answer: str
    because: str = ""

    def __post_init__(self):
        if self.answer not in self.options:
            raise ValueError(f"the answer {self.answer!r} is not one of {list(self.options)}")


def _steps(low, high, step) -> tuple:
    if not (high > low and step > 0):
        raise ValueError(f"a slider needs low < high and step > 0, not {low!r}, {high!r}, {step!r}")
    count = round((high - low) / step)
    if not math.isclose(low + count * step, high, rel_tol=1e-9, abs_tol=1e-9 * step):
        raise ValueError(f"{high!r} is no whole number of steps of {step!r} above {low!r}")
    if isinstance(low, int) and isinstance(step, int):
        return tuple(low + i * step for i in range(count + 1))
    first, exact_step = Decimal(repr(low)), Decimal(repr(step))  # 0.1 + 0.2 is 0.3 here
    return tuple(float(first + i * exact_step) for i in range(count + 1))


def _tidy(value: float) -> float:
    """0.30000000000000004 -> 0.3."""
    return float(f"{value:.10g}")


def _address(value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(value)


def _texts(positions: tuple) -> tuple[str, ...]:
    return tuple(_text(value) for value in positions)


def _text(value) -> str:
    if value is None:
        return "none"
    if isinstance(value, float):
        if value == 0 or 1e-3 <= abs(value) < 9999.5:
            return f"{value:.4g}".replace("-", "−")
        if value.is_integer() and abs(value) < 1e5 and value % 1e4:
            return _text(int(value))
        mantissa, exponent = f"{value:.2e}".split("e")
        mantissa = re.sub(r"\.?0+$", "", mantissa).replace("-", "−")
        power = f"10{_superscript(int(exponent))}"
        return power if mantissa == "1" else f"{mantissa}·{power}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace("-", "−").replace(",", "\u202f")
    return str(value)


def _superscript(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))


def _same(a, b) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=0.0) or a == b
    return type(a) is type(b) and a == b
