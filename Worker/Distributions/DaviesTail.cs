namespace HpcFit.Worker.Distributions;

/// <summary>
/// The same tail as <see cref="WeightedChiSquared"/>, P(Σ wᵢ χ²₁ > q χ²_ν / ν), evaluated as in mgcv: by Davies' method with an absolute
/// accuracy of 2e-5. Its truncation error, mostly 1e-7 to 5e-6, is reproduced, so that p-values printed by mgcv are reproduced.
/// </summary>
/// <remarks>
/// Davies 1973, Biometrika 60, 415-417, and 1980, "Algorithm AS 155: the distribution of a linear combination of χ² random variables",
/// Applied Statistics 29, 323-333, for Q = Σ wᵢ χ²₁ − (q/ν) χ²_ν at the point 0: no noncentrality, and no normal term except the one that
/// speeds convergence. The constants in the searches are those of the algorithm: each affects where the sum ends, and therefore its error.
/// The accuracy is the default of mgcv's <c>psum.chisq</c>; its limit of 100,000 terms was not reached for any of 100,000 such Q.
/// </remarks>
internal static class DaviesTail
{
    private const double Accuracy = 2e-5;

    /// <summary>Limit of the terms of the sums and of the steps of the searches; beyond it the result is NaN.</summary>
    private const int MaxTerms = 100_000;

    /// <summary>P(Σ wᵢ χ²₁ > q χ²_ν / ν), to 2e-5: it may be below 0 or above 1 by this much.</summary>
    /// <param name="q">The statistic.</param>
    /// <param name="weights">The nonnegative weights; consecutive equal ones cost as much as one.</param>
    /// <param name="scaleDf">ν, the degrees of freedom of the scale's estimate: finite.</param>
    /// <returns>0 or 1 if a bound of the tail is below the accuracy; NaN for NaN, or a degenerate distribution.</returns>
    public static double UpperP(double q, ReadOnlySpan<double> weights, double scaleDf)
    {
        var heaviest = 0.0;
        foreach (var weight in weights)
            heaviest = weight >= 0 && heaviest >= 0 ? Math.Max(heaviest, weight) : double.NaN;
        var isDefined = double.IsFinite(heaviest) && heaviest + Math.Abs(q) > 0 && double.IsFinite(scaleDf) && scaleDf > 0;
        if (!isDefined)
            return double.NaN;
        return q <= 0 ? 1
            : double.IsInfinity(q) ? 0
            : new Inversion(weights, heaviest, q / scaleDf, scaleDf).UpperP();
    }

    /// <summary>The inversion of Q's characteristic function.</summary>
    private ref struct Inversion
    {
        /// <summary>ln 2 / 8 as Davies rounds it.</summary>
        private const double EighthOfLn2 = 0.0866;

        /// <summary>The index of χ²_ν among the components, before the weights.</summary>
        private const int Scale = -1;

        private const int None = -2;

        private static ReadOnlySpan<double> Shrinkages => [2, 1.4, 1.2, 1.1];

        private readonly ReadOnlySpan<double> _weights;
        private readonly double _heaviest;
        private readonly double _scaleWeight; // of χ²_ν, with the opposite sign
        private readonly double _scaleDf;
        private readonly double _mean;
        private readonly double _deviation;
        private double _variance; // of the normal term
        private double _sum;
        private int _steps;

        public Inversion(ReadOnlySpan<double> weights, double heaviest, double scaleWeight, double scaleDf)
        {
            this._weights = weights;
            this._heaviest = heaviest;
            this._scaleWeight = scaleWeight;
            this._scaleDf = scaleDf;
            _mean = -scaleWeight * scaleDf;
            _deviation = 2 * scaleDf * scaleWeight * scaleWeight;
            foreach (var weight in weights)
            {
                _mean += weight;
                _deviation += 2 * weight * weight;
            }
            _deviation = Math.Sqrt(_deviation);
        }

        /// <summary>P(Q > 0).</summary>
        public double UpperP()
        {
            var accuracy = Accuracy;
            double above = 4.5 / _deviation,
                below = -above,
                termsLeft = MaxTerms;
            var end = TruncationPoint(16 / _deviation, 0.5 * accuracy);
            accuracy *= 0.5;
            while (_steps < MaxTerms)
            {
                // The sum over a lattice aliases probability further than 2π / interval from 0.
                var (right, left) = (Cutoff(ref above, accuracy), -Cutoff(ref below, accuracy));
                if (right < 0)
                    return 0;
                if (left < 0)
                    return 1;
                var interval = 2 * Math.PI / Math.Max(right, left);
                var terms = end / interval;
                var fewTerms = 3 / Math.Sqrt(accuracy);
                if (terms <= 1.5 * fewTerms || !TryConverge(ref accuracy, ref end, fewTerms))
                {
                    if (terms > termsLeft)
                        break;
                    AddTerms(WholeNumber(terms), interval, 0);
                    return 0.5 + _sum;
                }
                termsLeft -= fewTerms;
            }
            return double.NaN;
        }

        /// <summary>
        /// Adds a normal term to Q, which ends the sum earlier, and first the change that this causes, on a wider lattice. False if its
        /// variance would be negligible.
        /// </summary>
        private bool TryConverge(ref double accuracy, ref double end, double fewTerms)
        {
            var terms = WholeNumber(fewTerms);
            var interval = end / terms;
            var alias = 2 * Math.PI / interval;
            var cost = CostOfVariance(-alias) + CostOfVariance(alias);
            if (double.IsPositiveInfinity(cost))
                return false;
            var added = 0.33 * accuracy / (1.1 * cost);
            accuracy *= 0.67;
            AddTerms(terms, interval, added);
            _variance += added;
            end = TruncationPoint(end, 0.25 * accuracy);
            accuracy *= 0.75;
            return true;
        }

        /// <summary>
        /// Adds Im φ(u) / (π (k + ½)) at u = (k + ½) · interval, φ the characteristic function of Q, for k from the last down; with an
        /// added variance, only the amount by which it reduces them.
        /// </summary>
        private void AddTerms(int last, double interval, double added)
        {
            for (var k = last; k >= 0; k--)
            {
                var u = (k + 0.5) * interval;
                var x = 2 * _scaleWeight * u;
                var log = -0.5 * _variance * u * u - 0.25 * _scaleDf * ReproducibleMath.Log1p(x * x);
                var angle = -_scaleDf * ReproducibleMath.Atan(x);
                var (previous, ofOne, product) = (double.NaN, 0.0, 1.0);
                foreach (var weight in _weights)
                {
                    x = 2 * weight * u;
                    if (weight != previous)
                        ofOne = ReproducibleMath.Atan(x);
                    previous = weight;
                    angle += ofOne;
                    product *= 1 + x * x;
                    if (product < 1e200)
                        continue;
                    log -= 0.25 * ReproducibleMath.Log(product);
                    product = 1;
                }
                log -= 0.25 * ReproducibleMath.Log(product);
                var modulus = interval / Math.PI * ReproducibleMath.Exp(log) / u;
                if (added > 0)
                    modulus *= 1 - ReproducibleMath.Exp(-0.5 * added * u * u);
                _sum += ReproducibleMath.SinCos(0.5 * angle).Sin * modulus;
            }
        }

        /// <summary>
        /// A point that Q exceeds with a probability just below <paramref name="accuracy"/>, by Chernoff's bound: above the mean for a
        /// positive <paramref name="start"/>, otherwise below it. The bound's exponent is returned in <paramref name="start"/>, for the
        /// next search.
        /// </summary>
        private double Cutoff(ref double start, double accuracy)
        {
            // The exponents for which the bound exists end at 1 / (2 wᵢ): they are searched as u / (1 + u · edge).
            var edge = 2 * (start > 0 ? _heaviest : -_scaleWeight);
            var (nearer, further) = (0.0, start);
            var (near, far) = (_mean, 0.0);
            while (Bound(further / (1 + further * edge), out far) > accuracy && _steps < MaxTerms)
            {
                (nearer, near) = (further, far);
                further *= 2;
            }
            while ((near - _mean) / (far - _mean) < 0.9 && _steps < MaxTerms)
            {
                var middle = (nearer + further) / 2;
                if (Bound(middle / (1 + middle * edge), out var cutoff) > accuracy)
                    (nearer, near) = (middle, cutoff);
                else
                    (further, far) = (middle, cutoff);
            }
            start = further;
            return far;
        }

        /// <summary>Chernoff's bound e^(K(u) − u K′(u)) of the probability beyond K′(u), K the cumulant generating function of Q.</summary>
        private double Bound(double u, out double cutoff)
        {
            _steps++;
            cutoff = u * _variance;
            var exponent = -0.5 * u * cutoff;
            for (var i = Scale; i < _weights.Length; i++)
            {
                var (weight, df) = Term(i);
                var x = 2 * u * weight;
                cutoff += weight * df / (1 - x);
                exponent -= 0.5 * df * (ReproducibleMath.Log1p(-x) + x / (1 - x));
            }
            return ReproducibleMath.Exp(exponent);
        }

        /// <summary>
        /// Where to end the sum: the truncation error is below <paramref name="accuracy"/>, but would not be at a sixth less.
        /// </summary>
        private double TruncationPoint(double start, double accuracy)
        {
            double end = start,
                shorter = start / 4;
            if (TruncationError(shorter) > accuracy)
            {
                while (TruncationError(end) > accuracy && _steps < MaxTerms)
                    end *= 4;
            }
            else
            {
                do
                {
                    end = shorter;
                    shorter /= 4;
                } while (TruncationError(shorter) <= accuracy && _steps < MaxTerms);
            }
            foreach (var shrinkage in Shrinkages)
                if (TruncationError(end / shrinkage) <= accuracy)
                    end /= shrinkage;
            return end;
        }

        /// <summary>The smallest of Davies' three bounds of the error if the sum ends at u.</summary>
        private double TruncationError(double u)
        {
            _steps++;
            var normal = _variance * u * u;
            var (bounded, growing, squares, growingDf) = (2 * normal, 0.0, 0.0, 0.0);
            for (var i = Scale; i < _weights.Length; i++)
            {
                var (weight, df) = Term(i);
                var square = 4 * u * u * weight * weight;
                var log = df * ReproducibleMath.Log1p(square);
                if (square > 1)
                {
                    growing += log;
                    squares += df * ReproducibleMath.Log(square);
                    growingDf += df;
                }
                else
                {
                    bounded += log;
                }
            }
            var modulus = ReproducibleMath.Exp(-0.25 * (bounded + growing)) / Math.PI;
            var byPower = growingDf == 0 ? 1 : ReproducibleMath.Exp(-0.25 * (bounded + squares)) / Math.PI * 2 / growingDf;
            var byModulus = bounded + growing > 1 ? 2.5 * modulus : 1;
            var byNormal = 0.5 * normal <= modulus ? 1 : modulus / (0.5 * normal);
            return Math.Min(Math.Min(byPower, byModulus), byNormal);
        }

        /// <summary>
        /// A bound of the change of the probability beyond x per unit of the normal term's variance; infinite if useless. Components on x's
        /// side are subtracted from the distance, the lightest first, while they are light relative to it.
        /// </summary>
        private double CostOfVariance(double x)
        {
            _steps++;
            var distance = Math.Abs(x);
            var crowding = 0.0;
            for (var i = LightestAfter(None, x); i != None; i = LightestAfter(i, x))
            {
                var (weight, df) = (Math.Abs(Term(i).Weight), Term(i).Df);
                var shortened = distance - weight * df;
                if (shortened > weight / EighthOfLn2)
                {
                    distance = shortened;
                    continue;
                }
                distance = Math.Min(distance, weight / EighthOfLn2);
                crowding = (distance - shortened) / weight + HeavierDf(i);
                break;
            }
            return crowding > 100 ? double.PositiveInfinity : ReproducibleMath.Pow(2, crowding / 4) / (Math.PI * distance * distance);
        }

        /// <summary>The component on x's side that follows another in order of increasing weight; ties in index order.</summary>
        private readonly int LightestAfter(int other, double x)
        {
            if (x < 0)
                return other == None ? Scale : None;
            var next = None;
            for (var i = 0; i < _weights.Length; i++)
            {
                var isAfter =
                    other == None ? _weights[i] > 0 : _weights[i] > _weights[other] || (_weights[i] == _weights[other] && i > other);
                if (isAfter && (next == None || _weights[i] < _weights[next]))
                    next = i;
            }
            return next;
        }

        /// <summary>The degrees of freedom of components that are heavier than the given one, on either side, or equally heavy with a
        /// larger index.</summary>
        private readonly double HeavierDf(int one)
        {
            var (weight, sum) = (Math.Abs(Term(one).Weight), 0.0);
            for (var i = Scale; i < _weights.Length; i++)
            {
                var other = Math.Abs(Term(i).Weight);
                if (other > weight || (other == weight && i > one))
                    sum += Term(i).Df;
            }
            return sum;
        }

        private readonly (double Weight, double Df) Term(int i) => i == Scale ? (-_scaleWeight, _scaleDf) : (_weights[i], 1);
    }

    private static int WholeNumber(double value) => (int)Math.Floor(value + 0.5);
}
