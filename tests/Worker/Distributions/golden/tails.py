"""Golden tail probabilities with 40 digits: python3 tails.py > tails-exact.csv (mpmath).

ln P(F > f) by the continued fraction of DLMF 8.17.22 at 60 digits, on the side where it converges fast. For "t", f = t^2 and d1 = 1.
"""
from mpmath import mp, mpf, loggamma, log, exp, log1p
mp.dps = 60

def fraction(a, b, x):
    def d(n):
        m = n // 2
        if n % 2 == 0: return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    c, q, f = mpf(1), mpf(0), mpf(1)
    for n in range(1, 400000):
        q = 1 / (1 + d(n) * q)
        c = 1 + d(n) / c
        f *= c * q
        if abs(c * q - 1) < mpf(10) ** -30: return 1 / f
    raise SystemExit("no convergence")

def log_upper(f, d1, d2):
    a, b = mpf(d2) / 2, mpf(d1) / 2
    x = mpf(d2) / (d2 + d1 * f)
    y = d1 * f / (d2 + d1 * f)
    front = a * log(x) + b * log(y) - loggamma(a) - loggamma(b) + loggamma(a + b)
    if x < (a + 1) / (a + b + 2): return front - log(a) + log(fraction(a, b, x))
    return log1p(-exp(front) / b * fraction(b, a, y))

print("distribution,statistic,d1,d2,log_p")
for df in [0.01, 0.3, 1, 2.5, 7, 30, 99, 500.5, 2000, 1e5, 1e6, 3e7]:
    for t in [1e-12, 0.05, 0.9, 1.4, 1.7, 1.75, 2.2, 4.5, 9, 20, 37, 100, 1e5, 1e40, 1e150]:
        print("t", repr(t), 1, repr(df), mp.nstr(log_upper(mpf(t) ** 2, mpf(1), mpf(df)), 20), sep=",")
for d1, d2 in [(0.05, 8), (1, 0.01), (2, 5), (3, 1e6), (7, 90), (33, 33), (1e4, 250), (1e6, 1e6), (15, 1e5), (1e6, 2)]:
    for f in [1e-20, 1e-3, 0.5, 0.98, 1, 1.01, 1.1, 1.6, 3, 11, 70, 1e4, 1e100]:
        print("f", repr(f), repr(d1), repr(d2), mp.nstr(log_upper(mpf(f), mpf(d1), mpf(d2)), 20), sep=",")
