using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

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
internal sealed class AbsorbedCriterion : SmoothnessCriterion, IEliminatedEffects
{
    private readonly AbsorbedEffect _effect;
    private readonly int _own; // the absorbed effect's penalty, the last
    private readonly int _d;
    private readonly int _free;
    private readonly double[][] _diagonals; // per other penalty, in γ
    private readonly double[][] _penalties; // λⱼDⱼ
    private readonly double[] _total; // Λ in (u, γ), padded with 1
    private readonly AbsorbedDeterminant _determinant;
    private readonly ClassResponse _response;
    private readonly double[] _kept; // v
    private readonly double[] _target;
    private readonly double[] _coordinates; // c, u relative to least squares
    private readonly double[] _pull;
    private readonly double[][] _slopes; // ∂c/∂ρ
    private readonly double[] _bent; // Σ v² (1 - v) p
    private double _bentSquares;
    private bool _hasDegrees;
    private double _ownDegrees;
    private double _ownAlternativeDegrees;
    private double _degrees;
    private DenseMatrix? _products;

    /// <summary>Creates the workspace for a design with an absorbed effect.</summary>
    public AbsorbedCriterion(GamDesign design)
        : base(design)
    {
        _effect = design.Absorbed!;
        (_own, _d, _free) = (_effect.Penalty, design.Dimension, design.UnpenalisedCount);
        var size = _effect.Forms.Size;
        _diagonals = [.. design.Diagonals!.Take(_own)];
        _penalties = [.. _diagonals.Select(_ => new double[design.PenalisedCount])];
        _slopes = [.. Enumerable.Range(0, design.PenaltyCount).Select(_ => new double[size])];
        Information = new(_effect.Forms);
        _determinant = new(design, Information);
        _response = new(_effect, _free);
        _kept = new double[_effect.Classes];
        (_total, _target, _coordinates, _pull, _bent) = (
            new double[size],
            new double[size],
            new double[size],
            new double[size],
            new double[size]
        );
        _total.AsSpan(_d).Fill(1);
    }

    /// <summary>κ, the penalty of the absorbed coefficients, at the last evaluation.</summary>
    public double Penalty => Lambda[_own] * _effect.PenaltyScale;

    /// <summary>Λ, the diagonal of the others' penalty in (u, γ).</summary>
    public ReadOnlySpan<double> OtherPenalties => _total.AsSpan(0, _d);

    /// <summary>The information of (u, γ).</summary>
    public ClassInformation Information { get; }

    /// <summary>v per class.</summary>
    public ReadOnlySpan<double> Kept => _kept;

    /// <summary>The residuals' part in Q's coordinates, before the absorbed effect, as of <see cref="Finish"/>.</summary>
    public ReadOnlySpan<double> Rest => _response.Rest;

    /// <inheritdoc/>
    public double OwnDegrees => WithDegrees()._ownDegrees;

    /// <inheritdoc/>
    public double OwnAlternativeDegrees => WithDegrees()._ownAlternativeDegrees;

    /// <inheritdoc/>
    public override double EffectiveDegrees => WithDegrees()._degrees;

    /// <inheritdoc/>
    public override Span<double> DegreesGradient => WithDegrees().GradientOfDegrees;

    private Span<double> GradientOfDegrees => base.DegreesGradient;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Coefficients => _coordinates.AsSpan(_free, _d - _free);

    /// <inheritdoc/>
    public override void Start(ReadOnlySpan<double> f) => _response.Start(f);

    /// <inheritdoc/>
    public void SolveAll(ReadOnlySpan<double> x, Span<double> result) => Information.Solve(x, result);

    /// <inheritdoc/>
    public DenseMatrix Spread() => Information.Spread();

    /// <inheritdoc/>
    public double Product(int i, int j) => (_products ??= _effect.SumOfProducts())[i, j] / Penalty;

    /// <inheritdoc/>
    public void Finish(Span<double> free)
    {
        for (var i = 0; i < _free; i++)
            free[i] += _coordinates[i];
        _response.SetRest(_coordinates.AsSpan(0, _d));
    }

    /// <inheritdoc/>
    public override double Influence(int i) => 1 - (Information.Inverse(_free + i)[_free + i] * _total[_free + i]);

    /// <inheritdoc/>
    public override double InfluenceSquared(int i)
    {
        var at = _free + i;
        var row = Information.Inverse(at);
        var sum = Information.SpreadAt(at);
        for (var l = 0; l < _d; l++)
            sum += row[l] * row[l] * _total[l];
        return 1 - (2 * row[at] * _total[at]) + (_total[at] * sum);
    }

    /// <inheritdoc/>
    public override double Inverse(int i, int j) => Information.Inverse(_free + i)[_free + j];

    /// <inheritdoc/>
    public override double InverseOfData(int i, int j)
    {
        ReadOnlySpan<double> a = Information.Inverse(_free + i),
            b = Information.Inverse(_free + j);
        var sum = a[_free + j] - Information.Spread()[_free + i, _free + j];
        for (var l = 0; l < _d; l++)
            sum -= a[l] * _total[l] * b[l];
        return sum;
    }

    /// <inheritdoc/>
    public override void Solve(ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = FixedOrder.Dot(x, Information.Inverse(_free + i).Slice(_free, x.Length));
    }

    /// <inheritdoc/>
    public double Form(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < _d; i++)
            sum += a[i] * FixedOrder.Dot(b, Information.Inverse(i)[..b.Length]);
        return sum;
    }

    /// <inheritdoc/>
    public override double FittedSlopes(int j, int k)
    {
        var sum = 0.0;
        ReadOnlySpan<double> a = _slopes[j],
            b = _slopes[k];
        for (var i = 0; i < _d; i++)
            sum += a[i] * (FixedOrder.Dot(Information.Data.Row(i), b) - FixedOrder.Dot(Information.Slope.Row(i), b));
        if (j == _own)
            sum -= FixedOrder.Dot(_bent, b);
        if (k == _own)
            sum -= FixedOrder.Dot(_bent, a);
        return j == _own && k == _own ? sum + _bentSquares : sum;
    }

    /// <inheritdoc/>
    public double SumOfEffects(ReadOnlySpan<double> input)
    {
        var totals = input.Slice(_d + 1 + _effect.Classes, _effect.Classes);
        var sum = 0.0;
        for (var k = 0; k < totals.Length; k++)
            sum += (totals[k] + FixedOrder.Dot(_effect.TotalSums.Row(k), Rest)) / (_effect.Masses[k] + Penalty);
        return sum;
    }

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> f, double residual)
    {
        var total = _total.AsSpan(_free, _d - _free);
        total.Clear();
        for (var j = 0; j < _own; j++)
        {
            for (var i = 0; i < total.Length; i++)
                _penalties[j][i] = Lambda[j] * _diagonals[j][i];
            FixedOrder.Add(1, _penalties[j], total);
        }
        for (var k = 0; k < _kept.Length; k++)
            _kept[k] = Penalty / (Penalty + _effect.Masses[k]);
        var determinant = Information.Evaluate(_kept, _total);
        if (double.IsNaN(determinant))
            return double.NaN;
        Fit();
        _hasDegrees = false;
        return _determinant.Evaluate(determinant, _kept, total) + Design.LogDeterminantOfUnpenalised;
    }

    /// <inheritdoc/>
    protected override void MeasureDerivatives()
    {
        Information.Differentiate(_kept);
        Slopes();
        var total = _total.AsSpan(_free, _d - _free);
        _determinant.Differentiate(_kept, _penalties, total, DeterminantGradient, DeterminantHessian);
    }

    private void Fit()
    {
        _response.Target(_kept, _target);
        Information.SolvePadded(_target, _coordinates);
        _response.Evaluate(_coordinates);
        (Deviance, PenalisedDeviance) = (_response.Squares[0], _response.Squares[0]);
        for (var k = 0; k < _kept.Length; k++)
        {
            Deviance += _kept[k] * _kept[k] * _response.Squares[k + 1];
            PenalisedDeviance += _kept[k] * _response.Squares[k + 1];
        }
        for (var i = _free; i < _d; i++)
            PenalisedDeviance += _total[i] * _coordinates[i] * _coordinates[i];
    }

    /// <summary>Derivatives of the coefficients and of the penalised deviance.</summary>
    private void Slopes()
    {
        Array.Clear(_pull);
        Array.Clear(_bent);
        double first = 0,
            second = 0;
        _bentSquares = 0;
        for (var k = 0; k < _kept.Length; k++)
        {
            var (v, slope, squares) = (_kept[k], _kept[k] * (1 - _kept[k]), _response.Squares[k + 1]);
            FixedOrder.Add(slope, _response.Pull(k), _pull);
            FixedOrder.Add(v * slope, _response.Pull(k), _bent);
            first += slope * squares;
            second += slope * (1 - (2 * v)) * squares;
            _bentSquares += slope * slope * squares;
        }
        Information.SolvePadded(_pull, _slopes[_own]);
        PenalisedDevianceGradient[_own] = first;
        Set(PenalisedDevianceHessian, _own, _own, second - (2 * FixedOrder.Dot(_pull, _slopes[_own])));
        Array.Clear(_pull);
        for (var j = 0; j < _own; j++)
        {
            for (var i = _free; i < _d; i++)
                _pull[i] = -_penalties[j][i - _free] * _coordinates[i];
            Information.SolvePadded(_pull, _slopes[j]);
            PenalisedDevianceGradient[j] = -FixedOrder.Dot(_pull, _coordinates);
            Set(PenalisedDevianceHessian, j, _own, -2 * FixedOrder.Dot(_pull, _slopes[_own]));
            for (var k = 0; k <= j; k++)
                Set(PenalisedDevianceHessian, j, k, (j == k ? PenalisedDevianceGradient[j] : 0) - (2 * FixedOrder.Dot(_pull, _slopes[k])));
        }
    }

    /// <summary>Computes degrees of freedom, which few evaluations need.</summary>
    private AbsorbedCriterion WithDegrees()
    {
        if (_hasDegrees)
            return this;
        CompleteDerivatives();
        Degrees();
        _hasDegrees = true;
        return this;
    }

    /// <summary>Effective degrees of freedom: of the whole model with its gradient, and of the absorbed effect.</summary>
    private void Degrees()
    {
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
        for (var j = 0; j < _own; j++)
            GradientOfDegrees[j] = 0;
        for (var i = _free; i < _d; i++)
        {
            var row = Information.Inverse(i);
            var spread = Information.SpreadAt(i);
            var ofData = row[i] - spread;
            for (var l = _free; l < _d; l++)
                ofData -= row[l] * row[l] * _total[l];
            lost += row[i] * _total[i];
            shared += spread * _total[i];
            for (var j = 0; j < _own; j++)
                GradientOfDegrees[j] -= _penalties[j][i - _free] * ofData;
        }
        var inverse = groups + Information.SlopeTrace; // κ tr C, of the absorbed block
        var inverseSquared = groupsSquared + Information.SlopeTrace - Information.BendTrace + Information.SquareTrace; // κ² tr CC
        _ownDegrees = count - inverse;
        _ownAlternativeDegrees = (2 * _ownDegrees) - (count - (2 * inverse) + inverseSquared + shared);
        _degrees = _d - lost + _ownDegrees;
        GradientOfDegrees[_own] = inverseSquared + shared - inverse;
    }

    private void Set(Span<double> matrix, int j, int k, double value) =>
        matrix[(j * Design.PenaltyCount) + k] = matrix[(k * Design.PenaltyCount) + j] = value;
}
