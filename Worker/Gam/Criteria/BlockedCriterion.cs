using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The likelihood criterion of a model with correlated random effects, of which those of one factor are eliminated group by group; the
/// others have columns.
/// </summary>
/// <remarks>
/// In the coordinates c = (u, γ) of <see cref="GamDesign"/>, <c>H = QᵀV⁻¹Q + Λ</c> and the penalised deviance is
/// <c>rᵀV⁻¹r + cᵀΛc</c>, r = y - Q c (<see cref="BlockedDeviance"/>). <c>log|XᵀX + S| - log|S|₊</c> is
/// <c>log|H| + log|V| - log|Λ|</c>. Wood 2011, J. R. Statist. Soc. B 73, 3-36, appendix; Bates, Mächler, Bolker and Walker 2015, J. Stat.
/// Softw. 67(1), §3.
/// </remarks>
internal sealed class BlockedCriterion : SmoothnessCriterion, IEliminatedEffects
{
    private readonly BlockedEffects _effects;
    private readonly int _m;
    private readonly int _d;
    private readonly int _free;
    private readonly ClassCovariances _classes;
    private readonly PenaltyBlocks _penalties;
    private readonly BlockInformation _information;
    private readonly BlockInformation? _mlInformation;
    private readonly BlockedDeviance _deviance;
    private bool _hasDegrees;
    private double _ownDegrees;
    private double _degrees;
    private bool _hasAlternative;
    private double _alternative;

    /// <summary>Creates the workspace for a design with blocked effects.</summary>
    public BlockedCriterion(GamDesign design)
        : base(design)
    {
        _effects = design.Blocks!;
        (_m, _d, _free) = (design.PenaltyCount, design.Dimension, design.UnpenalisedCount);
        (_classes, _penalties) = (new(_effects), new(design));
        _information = new(_effects, _effects.Forms, _free, _m);
        _mlInformation = _effects.MlForms is { } forms ? new(_effects, forms, 0, _m) : null;
        _deviance = new(design, _classes, _penalties, _information);
    }

    /// <inheritdoc/>
    public double OwnDegrees => WithDegrees()._ownDegrees;

    /// <inheritdoc/>
    public override double EffectiveDegrees => WithDegrees()._degrees;

    /// <inheritdoc/>
    public override Span<double> DegreesGradient => WithDegrees().GradientOfDegrees;

    private Span<double> GradientOfDegrees => base.DegreesGradient;

    /// <inheritdoc/>
    public double OwnAlternativeDegrees => _hasAlternative ? _alternative : SetAlternative();

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Coefficients => _deviance.Coordinates[_free.._d];

    /// <summary>Ψ of the eliminated effects.</summary>
    public CovarianceFactor Factor => _classes.Factor;

    /// <inheritdoc/>
    public override void Start(ReadOnlySpan<double> f) => _deviance.Start(f);

    /// <inheritdoc/>
    public void Finish(Span<double> free)
    {
        for (var i = 0; i < _free; i++)
            free[i] += _deviance.Coordinates[i];
    }

    /// <inheritdoc/>
    public override double Influence(int i)
    {
        var row = _information.Inverse(_free + i);
        if (_penalties.IsDiagonal)
            return 1 - (row[_free + i] * _penalties.Total[i]);
        var sum = 1.0;
        for (var l = 0; l < Coefficients.Length; l++)
            sum -= row[_free + l] * _penalties.At(l, i);
        return sum;
    }

    /// <inheritdoc/>
    public override double InfluenceSquared(int i)
    {
        // (I - H⁻¹Λ)² and what passes through the effects.
        var sum = 0.0;
        if (_penalties.IsDiagonal)
        {
            var row = _information.Inverse(_free + i).Slice(_free, Coefficients.Length);
            sum = _information.Spread()[_free + i, _free + i];
            for (var l = 0; l < row.Length; l++)
                sum += row[l] * row[l] * _penalties.Total[l];
            return 1 - (2 * row[i] * _penalties.Total[i]) + (_penalties.Total[i] * sum);
        }
        for (var l = 0; l < Coefficients.Length; l++)
        {
            var (there, back) = (l == i ? 1.0 : 0.0, l == i ? 1.0 : 0.0);
            for (var k = 0; k < Coefficients.Length; k++)
            {
                there -= _information.Inverse(_free + i)[_free + k] * _penalties.At(k, l);
                back -= _information.Inverse(_free + l)[_free + k] * _penalties.At(k, i);
            }
            sum += (there * back) + (_information.Spread()[_free + i, _free + l] * _penalties.At(l, i));
        }
        return sum;
    }

    /// <inheritdoc/>
    public override double Inverse(int i, int j) => _information.Inverse(_free + i)[_free + j];

    /// <inheritdoc/>
    public override double InverseOfData(int i, int j)
    {
        ReadOnlySpan<double> a = _information.Inverse(_free + i),
            b = _information.Inverse(_free + j);
        var sum = a[_free + j] - _information.Spread()[_free + i, _free + j];
        for (var l = 0; l < Coefficients.Length; l++)
        for (var k = 0; k < Coefficients.Length; k++)
            if (l == k || !_penalties.IsDiagonal)
                sum -= a[_free + l] * _penalties.At(l, k) * b[_free + k];
        return sum;
    }

    /// <inheritdoc/>
    public override void Solve(ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = FixedOrder.Dot(x, _information.Inverse(_free + i).Slice(_free, x.Length));
    }

    /// <inheritdoc/>
    public void SolveAll(ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = FixedOrder.Dot(x, _information.Inverse(i)[..x.Length]);
    }

    /// <inheritdoc/>
    public double Form(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < _d; i++)
            sum += a[i] * FixedOrder.Dot(b, _information.Inverse(i)[..b.Length]);
        return sum;
    }

    /// <inheritdoc/>
    public DenseMatrix Spread() => _information.Spread();

    /// <inheritdoc/>
    public double Product(int i, int j)
    {
        var sum = 0.0;
        foreach (var (k, first) in _effects.Groups)
        {
            var triangle = _effects.Triangles[k];
            for (var a = 0; a < triangle.Columns; a++)
            for (var b = 0; b < triangle.Columns; b++)
            {
                double one = 0,
                    other = 0;
                for (var r = 0; r < triangle.Rows; r++)
                {
                    one += triangle[r, a] * _effects.Mapped[first + r, i];
                    other += triangle[r, b] * _effects.Mapped[first + r, j];
                }
                sum += one * Factor.Covariance[(a * triangle.Columns) + b] * other;
            }
        }
        return sum;
    }

    /// <summary>The penalty of γ at a pair of coordinates.</summary>
    public double PenaltyAt(int i, int j) => _penalties.At(i, j);

    /// <summary>The inverse of the penalty at a pair of coordinates of random effects.</summary>
    public double InversePenaltyAt(int i, int j) => _penalties.InverseAt(i, j);

    /// <inheritdoc/>
    public override double FittedSlopes(int j, int k) => _deviance.FittedSlopes(j, k);

    /// <inheritdoc/>
    public double SumOfEffects(ReadOnlySpan<double> input) => _deviance.SumOfEffects();

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> f, double residual)
    {
        _hasAlternative = false;
        _penalties.Set(Lambda);
        if (!_classes.Evaluate(Lambda))
            return double.NaN;
        var determinant = _information.Evaluate(_classes, _penalties);
        if (double.IsNaN(determinant))
            return double.NaN;
        _deviance.Evaluate(PenalisedDevianceGradient, PenalisedDevianceHessian);
        (Deviance, PenalisedDeviance) = (_deviance.Deviance, _deviance.PenalisedDeviance);
        _hasDegrees = false;
        return Determinant(determinant);
    }

    /// <summary>Computes degrees of freedom, which few evaluations need.</summary>
    private BlockedCriterion WithDegrees()
    {
        if (!_hasDegrees)
            Degrees();
        _hasDegrees = true;
        return this;
    }

    private void Degrees()
    {
        double own = 0;
        for (var k = 0; k < _classes.Inverses.Length; k++)
        {
            var rank = _effects.Triangles[k].Rows;
            own += _effects.Counts[k] * (rank - SmallMatrix.Trace(_classes.Inverses[k], rank));
        }
        var squares = _information.Trace(_information.Squares);
        _ownDegrees = own - (_information.Trace(_information.Data) - squares);
        _degrees = own + squares;
        for (var j = 0; j < _m; j++)
        {
            GradientOfDegrees[j] = _information.DegreesSlope(j, _classes);
            for (var k = 0; _effects.EntryOf(j) >= 0 && k < _classes.Inverses.Length; k++)
                GradientOfDegrees[j] +=
                    _effects.Counts[k] * SmallMatrix.Trace(_classes.Change(k, _effects.EntryOf(j)), _effects.Triangles[k].Rows);
        }
    }

    private double Determinant(double fitted)
    {
        var information = _mlInformation ?? _information;
        if (_mlInformation is not null)
            fitted = _mlInformation.Evaluate(_classes, _penalties);
        if (double.IsNaN(fitted))
            return double.NaN;
        for (var j = 0; j < _m; j++)
        {
            var a = _effects.EntryOf(j);
            DeterminantGradient[j] = 0.5 * (information.Trace(j) + (a < 0 ? 0 : _classes.DeterminantSlope(a)));
            for (var k = 0; k <= j; k++)
            {
                var value = information.Bend(j, k, _classes, _penalties);
                if (a >= 0 && _effects.EntryOf(k) is >= 0 and var b)
                    value += _classes.DeterminantBend(Math.Max(a, b), Math.Min(a, b));
                Set(DeterminantHessian, j, k, 0.5 * value);
            }
        }
        return fitted
            + _classes.LogDeterminant
            - _penalties.LogDeterminant(-0.5, DeterminantGradient, DeterminantHessian)
            + Design.LogDeterminantOfUnpenalised;
    }

    private double SetAlternative()
    {
        var own = 0.0;
        for (var k = 0; k < _classes.Inverses.Length; k++)
        {
            var rank = _effects.Triangles[k].Rows;
            own +=
                _effects.Counts[k]
                * (rank - (2 * SmallMatrix.Trace(_classes.Inverses[k], rank)) + SmallMatrix.Trace(_classes.Squares[k], rank));
        }
        var total = (2 * EffectiveDegrees) - own - _information.SquaredInfluence(_classes);
        total -= _free;
        for (var i = 0; i < Coefficients.Length; i++)
            total -= (2 * Influence(i)) - InfluenceSquared(i);
        (_alternative, _hasAlternative) = (total, true);
        return total;
    }

    private void Set(Span<double> matrix, int j, int k, double value) => matrix[(j * _m) + k] = matrix[(k * _m) + j] = value;
}
