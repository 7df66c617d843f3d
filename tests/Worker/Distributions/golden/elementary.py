"""Golden values of the elementary functions: python3 elementary.py > elementary.csv (mpmath, 40 digits, printed to 20)."""
from mpmath import mp, mpf, acos, asin, atan, cos, cosh, exp, expm1, log, log1p, loggamma, nstr, pi, sin, sinh, tan, tanh
import random
mp.dps = 40
random.seed(7)
near = [1 + s * 2.0 ** -k for k in (1, 3, 8, 20, 40, 52) for s in (-1, 1)]
positive = near + [2.0 ** random.uniform(-1060, 1020) for _ in range(60)] + [random.uniform(0.3, 3) for _ in range(60)] + [5e-324, 1e22, 1e-5, 3.0]
small = [s * 2.0 ** -k for k in (1, 2, 5, 12, 30, 60, 200) for s in (-1, 1)]
wide = [random.uniform(-745, 709) for _ in range(60)] + [random.uniform(-2, 2) for _ in range(60)]
def row(name, x, y, value):
    if value == 0 or abs(value) > mpf(2) ** -1020: print(name, repr(x), repr(y), nstr(value, 20), sep=",")
print("function,x,y,value")
for x in wide + small: row("exp", x, 0, exp(mpf(x)))
for x in [v for v in wide if v > -40] + small: row("expm1", x, 0, expm1(mpf(x)))
for x in positive:
    row("log", x, 0, log(mpf(x)))
    row("log2", x, 0, log(mpf(x)) / log(mpf(2)))
    row("log10", x, 0, log(mpf(x)) / log(mpf(10)))
    row("loggamma", min(x, 1e100), 0, loggamma(mpf(min(x, 1e100))))
for x in small + [v for v in positive if v > 1e-30] + [-0.99, -0.3, 0.41, 0.42]: row("log1p", x, 0, log1p(mpf(x)))
for _ in range(200):
    x = 2.0 ** random.uniform(-60, 60); y = random.uniform(-1, 1) * 1000 / max(1.0, abs(float(log(x))))
    v = mpf(x) ** mpf(y)
    if mpf(2) ** -1020 < v < mpf(2) ** 1023: row("pow", x, y, v)
# Angles up to 10^6, those next to a multiple of pi/2 among them, where sin or cos is all cancellation.
angles = [random.uniform(-4, 4) for _ in range(60)] + [s * 10 ** random.uniform(-8, 6) for _ in range(60) for s in (-1, 1)]
angles += [float(k * pi / 2) for k in (1, 2, 3, 7, 22, 355, 710, 51819, 103993, 312689, 573204, 636619)]
for x in angles:
    row("sin", x, 0, sin(mpf(x)))
    row("cos", x, 0, cos(mpf(x)))
tangents = [random.uniform(-1.5, 1.5) for _ in range(120)] + [s * 10 ** random.uniform(-12, 12) for _ in range(60) for s in (-1, 1)]
tangents += [s * v for v in (0.0625, 0.125, 0.1875, 0.9375, 1.0, 1.0625, 16.0, 1e17, 1e300) for s in (-1, 1)]
for x in tangents: row("atan", x, 0, atan(mpf(x)))
# The angles of largest cancellation among doubles (Muller, Elementary Functions, section 11.2), and the largest double.
large = [s * 10 ** random.uniform(6, 308) for _ in range(60) for s in (-1, 1)] + [1e6, 1e22, 6381956970095103.0 * 2.0 ** 797, 1.7976931348623157e308]
mp.dps = 400
for x in large:
    row("sin", x, 0, sin(mpf(x)))
    row("cos", x, 0, cos(mpf(x)))
for x in angles + large: row("tan", x, 0, tan(mpf(x)))
mp.dps = 40
inside = small + [s * v for v in near for s in (-1, 1) if abs(v) <= 1] + [random.uniform(-1, 1) for _ in range(120)] + [1.0, -1.0]
for x in inside:
    row("asin", x, 0, asin(mpf(x)))
    row("acos", x, 0, acos(mpf(x)))
for x in small + [v for v in wide if abs(v) < 710] + [22.0, 22.5, -709.5, 710.4]:
    row("sinh", x, 0, sinh(mpf(x)))
    row("cosh", x, 0, cosh(mpf(x)))
    row("tanh", x, 0, tanh(mpf(x)))
