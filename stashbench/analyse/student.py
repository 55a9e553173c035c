"""Student's t distribution and the polygamma functions, by series: the standard library has neither.

Incomplete beta function by its continued fraction (Abramowitz and Stegun, "Handbook of Mathematical Functions",
26.5.8), digamma and trigamma by recurrence and asymptotic series (6.3.5, 6.3.18, 6.4.6, 6.4.12).
"""

from __future__ import annotations

import math
import statistics
from functools import cache

_TERMS = 300
_TINY = 1e-300
_EPSILON = 1e-14
_SHIFT = 8.0
_NORMAL_FROM = 1e6
_STEPS = 80


@cache
def student_quantile(probability: float, freedom: float) -> float:
    """Return the t that a variable with `freedom` degrees of freedom stays below with that probability."""
    if freedom >= _NORMAL_FROM:
        return statistics.NormalDist().inv_cdf(probability)
    if probability < 0.5:  # noqa: PLR2004 - symmetry about the median
        return -student_quantile(1 - probability, freedom)
    low, high = 0.0, 1.0
    while student_cdf(high, freedom) < probability:
        low, high = high, 2 * high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if student_cdf(middle, freedom) < probability:
            low = middle
        else:
            high = middle
    return high


def student_cdf(t: float, freedom: float) -> float:
    """Return the probability that a variable with `freedom` degrees of freedom stays below t."""
    tail = 0.5 * _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))
    return 1 - tail if t >= 0 else tail


def digamma(x: float) -> float:
    """Return the derivative of the logarithm of the gamma function, for x > 0."""
    shifted = 0.0
    while x < _SHIFT:
        shifted -= 1 / x
        x += 1
    inverse = 1 / (x * x)
    series = inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse / 240)))
    return shifted + math.log(x) - 0.5 / x - series


def trigamma(x: float) -> float:
    """Return the derivative of `digamma`, for x > 0."""
    shifted = 0.0
    while x < _SHIFT:
        shifted += 1 / (x * x)
        x += 1
    inverse = 1 / (x * x)
    series = 1 + inverse * (1 / 6 - inverse * (1 / 30 - inverse * (1 / 42 - inverse / 30)))
    return shifted + 0.5 * inverse + series / x


def trigamma_inverse(value: float) -> float:
    """Return the x > 0 whose trigamma is `value`; trigamma falls steadily."""
    low, high = 1e-6, 1e8
    for _ in range(2 * _STEPS):
        middle = math.sqrt(low * high)
        if trigamma(middle) > value:
            low = middle
        else:
            high = middle
    return math.sqrt(low * high)


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """Evaluate the continued fraction by Lentz's method."""
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > _TINY else _TINY)
    result = d
    for m in range(1, _TERMS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + numerator * d
            d = 1 / (d if abs(d) > _TINY else _TINY)
            c = 1 + numerator / c
            c = c if abs(c) > _TINY else _TINY
            result *= c * d
        if abs(c * d - 1) < _EPSILON:
            break
    return result
