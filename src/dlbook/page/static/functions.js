/* Functions that compiled programs use and Math lacks, or has only slowly. */
(() => {
  /* Rational approximations in x², to float32 (errors against torch are tested); as in Eigen and XLA. */
  function tanh(x) {
    if (x > 9.02 || x < -9.02) return x > 0 ? 1 : -1; // in float32
    const y = x * x;
    const p = ((((((-2.76076847742355e-16 * y + 2.00018790482477e-13) * y - 8.60467152213735e-11) * y
      + 5.12229709037114e-08) * y + 1.48572235717979e-05) * y + 6.37261928875436e-04) * y
      + 4.89352455891786e-03) * x;
    return p / (((1.19825839466702e-06 * y + 1.18534705686654e-04) * y + 2.26843463243900e-03) * y
      + 4.89352518554385e-03);
  }

  function erf(x) {
    if (x > 4 || x < -4) return x > 0 ? 1 : -1; // in float32
    const y = x * x;
    const p = ((((((-2.72614225801306e-10 * y + 2.77068142495902e-08) * y - 2.10102402082508e-06) * y
      - 5.69250639462346e-05) * y - 7.34990630326855e-04) * y - 2.95459980854025e-03) * y
      - 1.60960333262415e-02) * x;
    return p / ((((-1.45660718464996e-05 * y - 2.13374055278905e-04) * y - 1.68282697438203e-03) * y
      - 7.37332916720468e-03) * y - 1.42647390514189e-02);
  }

  /* Halves go to the even neighbour. */
  function roundEven(x) {
    const down = Math.floor(x), rest = x - down;
    if (rest !== 0.5) return Math.round(x);
    return down % 2 === 0 ? down : down + 1;
  }

  /* As in C: 1 to any power is 1, and so is -1 to an infinite one. (== : true may stand for 1.) */
  function power(x, y) {
    return x == 1 || (x == -1 && (y == Infinity || y == -Infinity)) ? 1 : Math.pow(x, y);
  }

  /* With the sign of y, as in Python. */
  function remainder(x, y) {
    const rest = x % y;
    return rest !== 0 && y < 0 !== rest < 0 ? rest + y : rest;
  }

  /* x = y * q + remainder(x, y): 1 / 0.1 in float32 is 10, but q is 9. */
  function floorDivide(x, y) {
    if (y == 0) return x / y;
    const q = Math.round((x - x % y) / y);
    return x % y !== 0 && y < 0 !== x < 0 ? q - 1 : q;
  }

  /* Whole numbers have 32 bits in a page and 64 in torch: rather an error than another number.
     A result of whole numbers, a number cut off to a whole one, and a place along an axis. */
  const LIMIT = "and the whole numbers of a page are those below 2^31";

  function whole(x) {
    if ((x | 0) !== x) throw new RangeError(`a result is ${x}, ${LIMIT}`);
    return x | 0; // -0 is 0
  }

  function cut(x) {
    if ((x | 0) !== Math.trunc(x)) throw new RangeError(`${x} becomes a whole number, ${LIMIT}`);
    return x | 0;
  }

  function inside(place, length) {
    if (!(place >= 0 && place < length)) throw new RangeError(`index ${place} of an axis of length ${length}`);
    return place;
  }

  DLBOOK.functions = { tanh, erf, roundEven, power, remainder, floorDivide, whole, cut, inside };
})();
