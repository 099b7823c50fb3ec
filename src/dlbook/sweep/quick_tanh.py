"""tanh by a quotient of two polynomials, for graphs that are compiled."""

import torch
from torch.fx import Node

from dlbook.sweep.graph import Rewriting, aten

# Beyond LIMIT tanh is 1 in float32. x · P(x²) / Q(x²), highest powers first; from Eigen's
# generic_fast_tanh_float (MathFunctionsImpl.h), which has it from a fit on [−9, 9].
LIMIT = 7.90531110763549805
P = (
    -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-08,
    1.48572235717979e-05, 6.37261928875436e-04, 4.89352455891786e-03,
)  # fmt: skip
Q = (1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03, 4.89352518554385e-03)


class QuickTanh(Rewriting):
    """x · P(x²) / Q(x²) in the place of float32's tanh: 4e-7 off at most.

    It needs no call within a loop, and its products and sums are rounded together (`compiled`). A
    step of three layers of 32 units takes 67 to 69 µs a member with it, 70 to 73 with inductor's
    own tanh by exp, 105 with torch's; in the same run on one core.
    """

    def rewrite(self, node: Node) -> Node | None:
        """The quotient, for tanh in float32."""
        if node.target is not aten.tanh.default or node.meta["val"].dtype != torch.float32:
            return None
        x = self.call(aten.clamp.default, node.args[0], -LIMIT, LIMIT)
        square = self.call(aten.mul.Tensor, x, x)
        above = self.call(aten.mul.Tensor, x, self._polynomial(P, square))
        return self.call(aten.div.Tensor, above, self._polynomial(Q, square))

    def _polynomial(self, coefficients: tuple[float, ...], x: Node) -> Node:
        """By Horner's scheme."""
        value = self.call(aten.mul.Tensor, x, coefficients[0])
        for coefficient in coefficients[1:-1]:
            value = self.call(aten.add.Tensor, value, coefficient)
            value = self.call(aten.mul.Tensor, value, x)
        return self.call(aten.add.Tensor, value, coefficients[-1])
