"""Golden tails of mixtures of chi-squares over an estimated scale: python3 mixtures.py > mixtures.csv (mpmath).

Two weights are averaged over the angle, given which the mixture is one chi-square of 2 degrees of freedom, whose tail is elementary; weights
that come in pairs have the closed form by partial fractions; "1,1,w1,w2" is the one averaged over the other's angle.
"""
from mpmath import mp, mpf, pi, cos, sin, log, exp, quad, linspace, nstr, inf
mp.dps = 50

def pair(w, q, nu): return exp(-q / (2 * w)) if nu == inf else (1 + q / (nu * w)) ** (-nu / 2)
def pairs(ws, q, nu):
    total = mpf(0)
    for i, w in enumerate(ws):
        a = mpf(1)
        for j, v in enumerate(ws):
            if j != i: a *= w / (w - v)
        total += a * pair(w, q, nu)
    return total
def mean(f, w1, w2):
    # Periodic and analytic in the angle: the midpoint rule converges exponentially.
    def rule(n): return sum(f(w1 * cos(t) ** 2 + w2 * sin(t) ** 2) for t in ((k + mpf(1) / 3) * pi / n for k in range(n))) / n
    n, last = 64, rule(32)
    while True:
        value = rule(n)
        if abs(value - last) < mpf(10) ** -16 * abs(value): return value
        n, last = 2 * n, value

print("kind,q,nu,w1,w2,w3,w4,log_p")
def row(kind, q, nu, ws, p): print(kind, repr(q), repr(float(nu)).replace("inf", "Infinity"), *[repr(w) for w in (ws + [0, 0, 0])[:4]], nstr(log(p), 20), sep=",")
for nu in [mpf(3), mpf(20.5), mpf(93.25), mpf(950), inf]:
    for q in [0.01, 0.8, 3.0, 9.0, 30.0, 120.0, 900.0]:
        for w1, w2 in [(1.2, 0.3), (1.0, 0.001), (0.7, 0.69)]:
            row("angle", q, nu, [w1, w2], mean(lambda w: pair(w, mpf(q), nu), mpf(w1), mpf(w2)))
        ws = [1.5, 0.25]
        row("pairs", q, nu, [1.5, 1.5, 0.25, 0.25], pairs([mpf(w) for w in ws], mpf(q), nu))
        w1, w2 = 1.25, 0.4
        row("smooth", q, nu, [1.0, 1.0, w1, w2], mean(lambda w: pairs([mpf(1), w], mpf(q), nu), mpf(w1), mpf(w2)))
