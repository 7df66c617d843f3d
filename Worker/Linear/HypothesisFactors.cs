using HpcFit.Worker.Algebra;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Linear;

/// <summary>
/// What hypotheses need of the model matrix of some rows, X = Q R: with u = Q'y, a combination c β has the unscaled variance |w|²,
/// w = R⁻ᵀ c, and the sum of squares of a test is Σ (d'u)² over orthonormal directions d. The fits of all elements with these rows use
/// them. A reused workspace.
/// </summary>
/// <remarks>
/// Nothing cancels: neither models nor sums of squares are subtracted (compare Golub and Van Loan, section 5.3). Where columns are aliased,
/// a combination is estimable if it is orthogonal to the null space of X (Seber and Lee 2003, section 3.9.3), and tests of columns compare
/// the spaces that the columns span, as R's <c>anova</c> of two models does.
/// </remarks>
internal sealed class HypothesisFactors
{
    /// <summary>Columns and combinations shorter than this, relative to their length, are linear combinations of others.</summary>
    private const double AliasTolerance = 1e-7;

    private readonly IReadOnlyList<Hypothesis> _hypotheses;
    private readonly int _columns;
    private readonly double[][] _functionals;
    private readonly double[][] _directions;
    private readonly double[][] _nuisances;
    private readonly int[] _degrees;
    private readonly GrowingBasis _basis;
    private readonly EstimableCombinations _combinations;
    private readonly double[] _vector;
    private int _rank;

    /// <summary>A workspace.</summary>
    /// <param name="plan">What is computed.</param>
    /// <param name="columns">Columns of X.</param>
    public HypothesisFactors(InferencePlan plan, int columns)
    {
        var hypotheses = plan.Hypotheses;
        (_hypotheses, _columns) = (hypotheses, columns);
        _functionals = [.. hypotheses.Select(one => new double[(one.Given.Count + one.Rows.Count) * columns])];
        _directions = [.. hypotheses.Select(one => new double[one.Rows.Count * columns])];
        _nuisances = [.. hypotheses.Select(_ => new double[plan.KeepsNuisance ? columns * columns : 0])];
        _degrees = new int[hypotheses.Count];
        Scales = new double[hypotheses.Count];
        ColumnSquares = new double[plan.Standardises ? columns : 0];
        _basis = new(hypotheses.Count > 0 ? columns : 0);
        _combinations = new(columns);
        _vector = new double[columns];
    }

    /// <summary>The hypotheses.</summary>
    public IReadOnlyList<Hypothesis> Hypotheses => _hypotheses;

    /// <summary>
    /// Per hypothesis the unscaled variance of a contrast, or the degrees of freedom of a test; NaN where it cannot be estimated.
    /// </summary>
    public double[] Scales { get; }

    /// <summary>
    /// Σ w (x - m)² of each column of X, m its weighted mean, which the intercept, X's first column, takes; empty unless coefficients are
    /// standardised.
    /// </summary>
    public double[] ColumnSquares { get; }

    /// <summary>The orthonormal directions of a test, one after the other, each of as many values as the rank.</summary>
    public ReadOnlySpan<double> Directions(int hypothesis) => _directions[hypothesis].AsSpan(0, _degrees[hypothesis] * _rank);

    /// <summary>
    /// w of each of a hypothesis' given rows and of its own rows, each of as many values as the rank. Only where no column is aliased, and
    /// for contrasts that can be estimated.
    /// </summary>
    public ReadOnlySpan<double> Functionals(int hypothesis) =>
        _functionals[hypothesis].AsSpan(0, (_hypotheses[hypothesis].Given.Count + _hypotheses[hypothesis].Rows.Count) * _rank);

    /// <summary>
    /// The orthogonal projector on the nuisance part of a hypothesis, in coordinates of Q, rank × rank: the model under the hypothesis,
    /// for tests of type II without the terms that contain tested ones. Only if the plan keeps it, and where the hypothesis can be tested.
    /// </summary>
    public ReadOnlySpan<double> Nuisance(int hypothesis) => _nuisances[hypothesis].AsSpan(0, _rank * _rank);

    /// <summary>Computes everything for a factorisation.</summary>
    public void Compute(ILeastSquares qr)
    {
        _rank = qr.Rank;
        for (var h = 0; h < _hypotheses.Count; h++)
        {
            _degrees[h] = 0;
            Scales[h] = _hypotheses[h].Kind == HypothesisKind.T ? Variance(qr, h) : Degrees(qr, h);
        }
        for (var column = 0; column < ColumnSquares.Length; column++)
        {
            var coordinates = _vector.AsSpan(0, _rank);
            qr.Coordinates(column, coordinates);
            ColumnSquares[column] = Sequential.Dot(coordinates[1..], coordinates[1..]);
        }
    }

    private double Variance(ILeastSquares qr, int h)
    {
        if (!_combinations.IsEstimable(qr, _hypotheses[h].Rows[0]))
            return double.NaN;
        var functional = _functionals[h].AsSpan(0, _rank);
        EstimableCombinations.Functional(qr, _hypotheses[h].Rows[0], functional);
        if (_nuisances[h].Length > 0)
        {
            _basis.Clear(_rank);
            functional.CopyTo(_vector);
            _basis.Append(_vector.AsSpan(0, _rank), 0);
            KeepNuisance(h, ofComplement: true);
        }
        return Sequential.Dot(functional, functional);
    }

    private double Degrees(ILeastSquares qr, int h)
    {
        var hypothesis = _hypotheses[h];
        if (_rank < _columns && hypothesis.TestedColumns is { } tested)
            CompareSpans(qr, h, tested, hypothesis.ExcludedColumns);
        else
        {
            foreach (var row in hypothesis.Rows)
                if (!_combinations.IsEstimable(qr, row))
                    return double.NaN;
            FromFunctionals(qr, h);
        }
        return _degrees[h] > 0 ? _degrees[h] : double.NaN;
    }

    private void FromFunctionals(ILeastSquares qr, int h)
    {
        var hypothesis = _hypotheses[h];
        _basis.Clear(_rank);
        var given = hypothesis.Given.Count;
        for (var i = 0; i < given + hypothesis.Rows.Count; i++)
        {
            var functional = _functionals[h].AsSpan(i * _rank, _rank);
            EstimableCombinations.Functional(qr, i < given ? hypothesis.Given[i] : hypothesis.Rows[i - given], functional);
            functional.CopyTo(_vector);
            if (_basis.Append(_vector.AsSpan(0, _rank), _rank < _columns ? AliasTolerance : 0) > 0 && i >= given)
                AddDirection(h);
        }
        KeepNuisance(h, ofComplement: true);
    }

    /// <summary>The directions in which the span without the excluded columns exceeds the one without the tested columns, too.</summary>
    private void CompareSpans(ILeastSquares qr, int h, IReadOnlyList<int> tested, IReadOnlyList<int> excluded)
    {
        _basis.Clear(_rank);
        for (var column = 0; column < _columns; column++)
            if (!tested.Contains(column) && !excluded.Contains(column))
            {
                qr.Coordinates(column, _vector.AsSpan(0, _rank));
                _basis.Append(_vector.AsSpan(0, _rank), AliasTolerance);
            }
        KeepNuisance(h, ofComplement: false);
        foreach (var column in tested)
        {
            qr.Coordinates(column, _vector.AsSpan(0, _rank));
            if (_basis.Append(_vector.AsSpan(0, _rank), AliasTolerance) > 0)
                AddDirection(h);
        }
    }

    /// <summary>Keeps the projector on the vectors of the basis, or on what is orthogonal to them.</summary>
    private void KeepNuisance(int h, bool ofComplement)
    {
        for (var entry = 0; entry < Math.Min(_nuisances[h].Length, _rank * _rank); entry++)
        {
            var (row, column, sum) = (entry / _rank, entry % _rank, 0.0);
            for (var i = 0; i < _basis.Count; i++)
                sum += _basis.Vector(i)[row] * _basis.Vector(i)[column];
            _nuisances[h][entry] = !ofComplement ? sum : (row == column ? 1 : 0) - sum;
        }
    }

    /// <summary>Keeps the last vector of the basis as a direction.</summary>
    private void AddDirection(int h) => _basis.Vector(_basis.Count - 1).CopyTo(_directions[h].AsSpan(_degrees[h]++ * _rank));
}
