"""Numbers as they stand in sentences under a figure."""

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def in_words(value: float) -> str:
    """`value` to three digits, very large and very small ones as powers of ten.

    >>> in_words(0.1134), in_words(12345.6), in_words(5.2e7), in_words(0.00001)
    ('0.113', '12300', '5·10⁷', '10⁻⁵')
    """
    value = float(value)
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{float(f'{value:.3g}'):g}".replace("-", "−")
    mantissa, exponent = f"{value:.0e}".split("e")
    power = f"10{str(int(exponent)).translate(SUPERSCRIPTS)}"
    return power if mantissa == "1" else f"{mantissa}·{power}".replace("-", "−")
