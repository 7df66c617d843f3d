using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// The likelihood criterion of a model with an absorbed random effect, and simultaneously diagonal penalties on the other columns: an
/// evaluation costs classes × d² and one inverse of d rows, whatever the number of groups.
/// </summary>
/// <remarks>
/// In the coordinates c = (u, γ) of <see cref="GamDesign"/>, H = J + Λ (<see cref="ClassInformation"/>) is the Schur complement of XᵀX + S
/// on the other columns. With r = y - Q P c and δ its part in Q's coordinates, the penalised deviance is <c>rᵀV⁻¹r + cᵀΛc</c>, a sum of the
/// squares within groups and, per class, v times those between groups. Derivatives by the implicit function theorem: <c>∂c/∂ρⱼ =
/// -C λⱼDⱼ c</c>, and for θ = log κ <c>∂c/∂θ = C z</c>, <c>z = Pᵀ Σ v(1-v) p</c>, p a class's sums of Qᵀz times residuals. Wood 2011,
/// J. R. Statist. Soc. B 73, 3-36, appendix; Searle, Casella and McCulloch 1992, Variance Components, chapter 6.
/// </remarks>
internal sealed class AbsorbedCriterion : SmoothnessCriterion
{
    private readonly AbsorbedEffect _effect;
    private readonly int _own; // the absorbed effect's penalty, the last
    private readonly int _d;
    private readonly int _free;
    private readonly double[][] _diagonals; // per other penalty, in c
    private readonly double[][] _penalties; // λⱼDⱼ
    private readonly double[] _total; // Λ
    private readonly ClassInformation _information;
    private readonly ClassInformation? _mlInformation;
    private readonly double[] _kept; // v
    private readonly double[] _start; // f with 0 for unpenalised coordinates
    private readonly double[] _target;
    private readonly double[] _coordinates; // c, relative to least squares in u
    private readonly double[] _basisTarget;
    private readonly double[] _rest; // δ
    private readonly double[] _sums; // p per class
    private readonly double[] _squares; // per class, of residuals between groups, over m
    private readonly double[] _pull;
    private readonly double[][] _slopes; // ∂c/∂ρ
    private readonly double[] _bent; // Pᵀ Σ v² (1 - v) p
    private double _bentSquares;
    private double _ownDegrees;
    private double _ownAlternative;

    /// <summary>Creates the workspace for a design with an absorbed effect.</summary>
    public AbsorbedCriterion(GamDesign design)
        : base(design)
    {
        _effect = design.Absorbed!;
        (_own, _d, _free) = (_effect.Penalty, design.Dimension, design.UnpenalisedCount);
        _diagonals = [.. Enumerable.Range(0, _own).Select(j => (double[])[.. new double[_free], .. design.Diagonals![j]])];
        _penalties = [.. _diagonals.Select(_ => new double[_d])];
        _slopes = [.. Enumerable.Range(0, design.PenaltyCount).Select(_ => new double[_d])];
        _information = new(_effect.Forms, _d);
        _mlInformation = _effect.MlForms is { } ml ? new(ml, design.PenalisedCount) : null;
        (_kept, _squares, _sums) = (new double[_effect.Classes], new double[_effect.Classes], new double[_effect.Classes * _d]);
        (_total, _start, _target, _coordinates) = (new double[_d], new double[_d], new double[_d], new double[_d]);
        (_basisTarget, _rest, _pull, _bent) = (new double[_d], new double[_d], new double[_d], new double[_d]);
    }

    /// <summary>κ, the penalty of the absorbed coefficients, at the last evaluation.</summary>
    public double Penalty => Lambda[_own] * _effect.PenaltyScale;

    /// <summary>Λ, the diagonal of the others' penalty.</summary>
    public ReadOnlySpan<double> OtherPenalties => _total;

    /// <summary>C, <c>C ∂J C</c> and derivatives.</summary>
    public ClassInformation Information => _information;

    /// <summary>v per class.</summary>
    public ReadOnlySpan<double> Kept => _kept;

    /// <summary>The residuals' part in Q's coordinates, before the absorbed effect.</summary>
    public ReadOnlySpan<double> Rest => _rest;

    /// <summary>The absorbed effect's effective degrees of freedom.</summary>
    public double OwnDegrees => _ownDegrees;

    /// <summary>Its alternative degrees of freedom, <c>tr(2F - FF)</c>.</summary>
    public double OwnAlternativeDegrees => _ownAlternative;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Coefficients => _coordinates.AsSpan(_free);

    /// <summary>Adds the unpenalised coordinates' change from least squares.</summary>
    public void AddFree(Span<double> free)
    {
        for (var i = 0; i < _free; i++)
            free[i] += _coordinates[i];
    }

    /// <inheritdoc/>
    public override double Influence(int i) => 1 - (_information.Inverse(_free + i)[_free + i] * _total[_free + i]);

    /// <inheritdoc/>
    public override double InfluenceSquared(int i)
    {
        var at = _free + i;
        var row = _information.Inverse(at);
        var sum = _information.Spread[at, at];
        for (var l = 0; l < _d; l++)
            sum += row[l] * row[l] * _total[l];
        return 1 - (2 * row[at] * _total[at]) + (_total[at] * sum);
    }

    /// <inheritdoc/>
    public override double Inverse(int i, int j) => _information.Inverse(_free + i)[_free + j];

    /// <inheritdoc/>
    public override double InverseOfData(int i, int j)
    {
        ReadOnlySpan<double> a = _information.Inverse(_free + i),
            b = _information.Inverse(_free + j);
        var sum = a[_free + j] - _information.Spread[_free + i, _free + j];
        for (var l = 0; l < _d; l++)
            sum -= a[l] * _total[l] * b[l];
        return sum;
    }

    /// <inheritdoc/>
    public override void Solve(ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = FixedOrder.Dot(_information.Inverse(_free + i)[_free..], x);
    }

    /// <summary><c>aᵀ C b</c> in the coordinates (u, γ).</summary>
    public double Form(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < _d; i++)
            sum += a[i] * FixedOrder.Dot(_information.Inverse(i), b);
        return sum;
    }

    /// <inheritdoc/>
    public override double FittedSlopes(int j, int k)
    {
        double sum = 0;
        ReadOnlySpan<double> a = _slopes[j],
            b = _slopes[k];
        for (var i = 0; i < _d; i++)
            sum += a[i] * (FixedOrder.Dot(_information.Data.Row(i), b) - FixedOrder.Dot(_information.Slope.Row(i), b));
        if (j == _own)
            sum -= FixedOrder.Dot(_bent, b);
        if (k == _own)
            sum -= FixedOrder.Dot(_bent, a);
        return j == _own && k == _own ? sum + _bentSquares : sum;
    }

    /// <summary>Σ over rows of the absorbed effect's part of the fitted values.</summary>
    /// <param name="input">The element's projections and sums.</param>
    public double SumOfEffects(ReadOnlySpan<double> input)
    {
        var totals = input.Slice(_d + 1 + _effect.Classes, _effect.Classes);
        var sum = 0.0;
        for (var k = 0; k < totals.Length; k++)
            sum += (totals[k] + FixedOrder.Dot(_effect.TotalSums.Row(k), _rest)) / (_effect.Masses[k] + Penalty);
        return sum;
    }

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> f, double residual)
    {
        Array.Clear(_total);
        for (var j = 0; j < _own; j++)
        {
            for (var i = _free; i < _d; i++)
                _penalties[j][i] = Lambda[j] * _diagonals[j][i];
            FixedOrder.Add(1, _penalties[j], _total);
        }
        for (var k = 0; k < _kept.Length; k++)
            _kept[k] = Penalty / (Penalty + _effect.Masses[k]);
        var determinant = _information.Evaluate(_kept, _total);
        if (double.IsNaN(determinant))
            return double.NaN;
        Fit(f);
        Slopes();
        Degrees();
        return _mlInformation is null
            ? Determinant(_information, determinant, _total) + Design.LogDeterminantOfUnpenalised
            : Determinant(_mlInformation, _mlInformation.Evaluate(_kept, _total.AsSpan(_free)), _total.AsSpan(_free));
    }

    private void Fit(ReadOnlySpan<double> f)
    {
        var r = _d - _free;
        f[..r].CopyTo(_start.AsSpan(_free));
        var classes = f[r..];
        var within = classes[0];
        var squares = classes.Slice(1, _kept.Length);
        var crossed = classes.Slice(1 + (2 * _kept.Length), _kept.Length * _d);
        // Qᵀr = 0, so that the sums within groups are minus those between them.
        Array.Clear(_basisTarget);
        for (var i = 0; i < _d; i++)
            _basisTarget[i] = FixedOrder.Dot(_effect.Within.Row(i), _start);
        for (var k = 0; k < _kept.Length; k++)
        {
            FixedOrder.Add(_kept[k] - 1, crossed.Slice(k * _d, _d), _basisTarget);
            for (var i = 0; i < _d; i++)
                _basisTarget[i] += _kept[k] * FixedOrder.Dot(_effect.Between[k].Row(i), _start);
        }
        ToCoordinates(_basisTarget, _target);
        _information.Solve(_target, _coordinates);
        for (var i = 0; i < _d; i++)
            _rest[i] = _start[i] - FixedOrder.Dot(_effect.ToBasis.Row(i), _coordinates);

        for (var i = 0; i < _d; i++)
        {
            var cross = 0.0;
            for (var k = 0; k < _kept.Length; k++)
                cross -= crossed[(k * _d) + i];
            within += _rest[i] * ((2 * cross) + FixedOrder.Dot(_effect.Within.Row(i), _rest));
        }
        (Deviance, PenalisedDeviance) = (within, within);
        for (var k = 0; k < _kept.Length; k++)
        {
            var sums = _sums.AsSpan(k * _d, _d);
            var square = squares[k];
            for (var i = 0; i < _d; i++)
            {
                var cross = crossed[(k * _d) + i];
                sums[i] = cross + FixedOrder.Dot(_effect.Between[k].Row(i), _rest);
                square += _rest[i] * (cross + sums[i]);
            }
            _squares[k] = Math.Max(square, 0);
            Deviance += _kept[k] * _kept[k] * _squares[k];
            PenalisedDeviance += _kept[k] * _squares[k];
        }
        for (var i = _free; i < _d; i++)
            PenalisedDeviance += _total[i] * _coordinates[i] * _coordinates[i];
    }

    /// <summary>Derivatives of the coefficients and of the penalised deviance.</summary>
    private void Slopes()
    {
        Array.Clear(_basisTarget);
        Array.Clear(_target);
        double first = 0,
            second = 0;
        _bentSquares = 0;
        for (var k = 0; k < _kept.Length; k++)
        {
            var (v, slope) = (_kept[k], _kept[k] * (1 - _kept[k]));
            FixedOrder.Add(slope, _sums.AsSpan(k * _d, _d), _basisTarget);
            FixedOrder.Add(v * slope, _sums.AsSpan(k * _d, _d), _target);
            first += slope * _squares[k];
            second += slope * (1 - (2 * v)) * _squares[k];
            _bentSquares += slope * slope * _squares[k];
        }
        ToCoordinates(_target, _bent);
        ToCoordinates(_basisTarget, _pull);
        _information.Solve(_pull, _slopes[_own]);
        PenalisedDevianceGradient[_own] = first;
        Set(PenalisedDevianceHessian, _own, _own, second - (2 * FixedOrder.Dot(_pull, _slopes[_own])));
        for (var j = 0; j < _own; j++)
        {
            for (var i = 0; i < _d; i++)
                _pull[i] = _penalties[j][i] * _coordinates[i];
            Array.Clear(_slopes[j]);
            for (var i = _free; i < _d; i++)
                FixedOrder.Add(-_pull[i], _information.Inverse(i), _slopes[j]);
            PenalisedDevianceGradient[j] = FixedOrder.Dot(_pull, _coordinates);
            Set(PenalisedDevianceHessian, j, _own, 2 * FixedOrder.Dot(_pull, _slopes[_own]));
            for (var k = 0; k <= j; k++)
                Set(PenalisedDevianceHessian, j, k, (j == k ? PenalisedDevianceGradient[j] : 0) + (2 * FixedOrder.Dot(_pull, _slopes[k])));
        }
    }

    /// <summary>Effective degrees of freedom: of the whole model with its gradient, and of the absorbed effect.</summary>
    private void Degrees()
    {
        var info = _information;
        double lost = 0,
            count = 0,
            groups = 0,
            groupsSquared = 0,
            shared = 0;
        for (var k = 0; k < _kept.Length; k++)
        {
            count += _effect.Counts[k];
            groups += _effect.Counts[k] * _kept[k];
            groupsSquared += _effect.Counts[k] * _kept[k] * _kept[k];
        }
        for (var i = _free; i < _d; i++)
        {
            lost += info.Inverse(i)[i] * _total[i];
            shared += info.Spread[i, i] * _total[i];
        }
        var inverse = groups + info.SlopeTrace; // κ tr C, of the absorbed block
        var inverseSquared = groupsSquared + info.SlopeTrace - info.BendTrace + info.SquareTrace; // κ² tr CC
        _ownDegrees = count - inverse;
        _ownAlternative = (2 * _ownDegrees) - (count - (2 * inverse) + inverseSquared + shared);
        EffectiveDegrees = _d - lost + _ownDegrees;
        DegreesGradient[_own] = inverseSquared + shared - inverse;
        for (var j = 0; j < _own; j++)
        {
            var sum = 0.0;
            for (var i = _free; i < _d; i++)
                sum += _penalties[j][i] * InverseOfData(i - _free, i - _free);
            DegreesGradient[j] = -sum;
        }
    }

    /// <summary>log|XᵀX + S| - log|S|₊ without a constant, and half its derivatives.</summary>
    /// <param name="information">The information of the coefficients over which the criterion integrates.</param>
    /// <param name="logarithm">The logarithm of its determinant.</param>
    /// <param name="penalty">The diagonal of their penalty.</param>
    private double Determinant(ClassInformation information, double logarithm, ReadOnlySpan<double> penalty)
    {
        if (double.IsNaN(logarithm))
            return double.NaN;
        var skipped = _d - penalty.Length;
        var product = new LogarithmOfProduct();
        for (var i = _free; i < _d; i++)
            product.Multiply(_total[i]);
        double slope = information.SlopeTrace,
            bend = information.BendTrace - information.SquareTrace,
            groups = 0;
        for (var k = 0; k < _kept.Length; k++)
        {
            groups -= _effect.Counts[k] * ReproducibleMath.Log(_kept[k]);
            slope -= _effect.Counts[k] * (1 - _kept[k]);
            bend += _effect.Counts[k] * _kept[k] * (1 - _kept[k]);
        }
        DeterminantGradient[_own] = 0.5 * slope;
        Set(DeterminantHessian, _own, _own, 0.5 * bend);
        for (var j = 0; j < _own; j++)
        {
            double trace = 0,
                mixed = 0;
            for (var i = _free; i < _d; i++)
            {
                var own = _penalties[j][i];
                if (own == 0)
                    continue;
                trace += (own * information.Inverse(i - skipped)[i - skipped]) - (own / _total[i]);
                mixed -= own * information.Spread[i - skipped, i - skipped];
            }
            DeterminantGradient[j] = 0.5 * trace;
            Set(DeterminantHessian, j, _own, 0.5 * mixed);
            for (var k = 0; k <= j; k++)
                Set(DeterminantHessian, j, k, 0.5 * ((j == k ? trace : 0) - Crossed(information, j, k, skipped)));
        }
        return logarithm + groups - product.Value;
    }

    /// <summary><c>tr(λⱼDⱼ C λₖDₖ C) - Σ λⱼDⱼ λₖDₖ / Λ²</c>.</summary>
    private double Crossed(ClassInformation information, int j, int k, int skipped)
    {
        var sum = 0.0;
        for (var i = _free; i < _d; i++)
        {
            if (_penalties[j][i] == 0)
                continue;
            var row = information.Inverse(i - skipped);
            var inner = -_penalties[k][i] / (_total[i] * _total[i]);
            for (var l = _free; l < _d; l++)
                inner += _penalties[k][l] * row[l - skipped] * row[l - skipped];
            sum += _penalties[j][i] * inner;
        }
        return sum;
    }

    /// <summary>Pᵀ x.</summary>
    private void ToCoordinates(ReadOnlySpan<double> x, Span<double> result)
    {
        result.Clear();
        for (var i = 0; i < _d; i++)
            FixedOrder.Add(x[i], _effect.ToBasis.Row(i), result);
    }

    private void Set(Span<double> matrix, int j, int k, double value) =>
        matrix[(j * Design.PenaltyCount) + k] = matrix[(k * Design.PenaltyCount) + j] = value;
}
