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

    private const double EstimableTolerance = 1e-8;

    private readonly IReadOnlyList<Hypothesis> _hypotheses;
    private readonly int _columns;
    private readonly double[][] _functionals;
    private readonly double[][] _directions;
    private readonly double[][] _nuisances;
    private readonly int[] _degrees;
    private readonly double[] _basis;
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
        _basis = new double[hypotheses.Count > 0 ? columns * columns : 0];
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
            ColumnSquares[column] = Dot(coordinates[1..], coordinates[1..]);
        }
    }

    private double Variance(ILeastSquares qr, int h)
    {
        if (!IsEstimable(qr, _hypotheses[h].Rows[0]))
            return double.NaN;
        var functional = _functionals[h].AsSpan(0, _rank);
        Functional(qr, _hypotheses[h].Rows[0], functional);
        if (_nuisances[h].Length > 0)
        {
            var count = 0;
            functional.CopyTo(_vector);
            Append(ref count, 0);
            KeepNuisance(h, count, ofComplement: true);
        }
        return Dot(functional, functional);
    }

    private double Degrees(ILeastSquares qr, int h)
    {
        var hypothesis = _hypotheses[h];
        if (_rank < _columns && hypothesis.TestedColumns is { } tested)
            CompareSpans(qr, h, tested, hypothesis.ExcludedColumns);
        else
        {
            foreach (var row in hypothesis.Rows)
                if (!IsEstimable(qr, row))
                    return double.NaN;
            FromFunctionals(qr, h);
        }
        return _degrees[h] > 0 ? _degrees[h] : double.NaN;
    }

    private void FromFunctionals(ILeastSquares qr, int h)
    {
        var (hypothesis, count) = (_hypotheses[h], 0);
        var given = hypothesis.Given.Count;
        for (var i = 0; i < given + hypothesis.Rows.Count; i++)
        {
            var functional = _functionals[h].AsSpan(i * _rank, _rank);
            Functional(qr, i < given ? hypothesis.Given[i] : hypothesis.Rows[i - given], functional);
            functional.CopyTo(_vector);
            if (Append(ref count, _rank < _columns ? AliasTolerance : 0) && i >= given)
                AddDirection(h, count - 1);
        }
        KeepNuisance(h, count, ofComplement: true);
    }

    /// <summary>The directions in which the span without the excluded columns exceeds the one without the tested columns, too.</summary>
    private void CompareSpans(ILeastSquares qr, int h, IReadOnlyList<int> tested, IReadOnlyList<int> excluded)
    {
        var count = 0;
        for (var column = 0; column < _columns; column++)
            if (!Contains(tested, column) && !Contains(excluded, column))
            {
                qr.Coordinates(column, _vector.AsSpan(0, _rank));
                Append(ref count, AliasTolerance);
            }
        KeepNuisance(h, count, ofComplement: false);
        foreach (var column in tested)
        {
            qr.Coordinates(column, _vector.AsSpan(0, _rank));
            if (Append(ref count, AliasTolerance))
                AddDirection(h, count - 1);
        }
    }

    /// <summary>Keeps the projector on the first vectors of the basis, or on what is orthogonal to them.</summary>
    private void KeepNuisance(int h, int count, bool ofComplement)
    {
        for (var entry = 0; entry < Math.Min(_nuisances[h].Length, _rank * _rank); entry++)
        {
            var (row, column, sum) = (entry / _rank, entry % _rank, 0.0);
            for (var i = 0; i < count; i++)
                sum += _basis[(i * _rank) + row] * _basis[(i * _rank) + column];
            _nuisances[h][entry] = !ofComplement ? sum : (row == column ? 1 : 0) - sum;
        }
    }

    private void AddDirection(int h, int place) => _basis.AsSpan(place * _rank, _rank).CopyTo(_directions[h].AsSpan(_degrees[h]++ * _rank));

    /// <summary>
    /// Appends the part of the vector that is orthogonal to the basis, normalised; false if it is relatively shorter than the tolerance.
    /// Orthogonalising twice is enough (Giraud et al. 2005).
    /// </summary>
    private bool Append(ref int count, double tolerance)
    {
        var vector = _vector.AsSpan(0, _rank);
        var length = Math.Sqrt(Dot(vector, vector));
        for (var pass = 0; pass < 2; pass++)
        for (var i = 0; i < count; i++)
        {
            var direction = _basis.AsSpan(i * _rank, _rank);
            var share = Dot(direction, vector);
            for (var k = 0; k < _rank; k++)
                vector[k] -= share * direction[k];
        }
        var rest = Math.Sqrt(Dot(vector, vector));
        if (!(rest > tolerance * length) || count == _rank)
            return false;
        for (var k = 0; k < _rank; k++)
            _basis[(count * _rank) + k] = vector[k] / rest;
        count++;
        return true;
    }

    private void Functional(ILeastSquares qr, double[] row, Span<double> functional)
    {
        for (var k = 0; k < _rank; k++)
            functional[k] = row[qr.Pivots[k]];
        qr.SolveTransposed(functional);
    }

    /// <summary>
    /// Whether a row is orthogonal to the null space of X: for an aliased column x = X a, the vector of a and -1 in x's place.
    /// </summary>
    private bool IsEstimable(ILeastSquares qr, double[] row)
    {
        for (var place = _rank; place < _columns; place++)
        {
            var combination = _vector.AsSpan(0, _rank);
            qr.Coordinates(qr.Pivots[place], combination);
            qr.BackSubstitute(combination);
            double product = -row[qr.Pivots[place]],
                ofRow = product * product,
                ofNull = 1;
            for (var k = 0; k < _rank; k++)
            {
                var weight = row[qr.Pivots[k]];
                product += combination[k] * weight;
                ofRow += weight * weight;
                ofNull += combination[k] * combination[k];
            }
            if (Math.Abs(product) > EstimableTolerance * Math.Sqrt(ofRow * ofNull))
                return false;
        }
        return true;
    }

    private static bool Contains(IReadOnlyList<int> columns, int column)
    {
        for (var i = 0; i < columns.Count; i++)
            if (columns[i] == column)
                return true;
        return false;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
