using HpcFit.Worker.Algebra;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Mixed.FixedEffects;

/// <summary>
/// Coefficients, contrasts and F tests of a model matrix X = Q R in terms of the coordinates of the fixed effects on Q: a combination c'β
/// is w'u, w = R⁻ᵀ c. A reused workspace.
/// </summary>
/// <remarks>
/// Tests of type II of terms that others contain have the rows that least squares without weights would test, what is left of each tested
/// column after the columns of both models and those tested before it: they depend on the model matrix alone, as in SAS and lmerTest. Where
/// columns are aliased, combinations must be orthogonal to the null space of X; tests of columns leave aliased ones out.
/// </remarks>
internal sealed class Combinations
{
    private const double Dependent = 1e-7;

    private readonly int _columns;
    private readonly Hypothesis[] _contrasts;
    private readonly Hypothesis[] _tests;
    private readonly double[] _functionals;
    private readonly double[][] _ofTests;
    private readonly int[] _degrees;
    private readonly GrowingBasis _basis;
    private readonly EstimableCombinations _combinations;
    private readonly double[] _row;
    private readonly double[] _vector;
    private int _rank;

    /// <summary>A workspace.</summary>
    /// <param name="columns">Columns of X.</param>
    /// <param name="hypotheses">Contrasts and F tests.</param>
    public Combinations(int columns, IReadOnlyList<Hypothesis> hypotheses)
    {
        _columns = columns;
        _contrasts = [.. hypotheses.Where(one => one.Kind == HypothesisKind.T)];
        _tests = [.. hypotheses.Where(one => one.Kind == HypothesisKind.F)];
        _functionals = new double[(columns + _contrasts.Length) * columns];
        _ofTests = [.. _tests.Select(one => new double[one.Rows.Count * columns])];
        _degrees = new int[_tests.Length];
        (_basis, _combinations) = (new(columns), new(columns));
        _row = new double[columns];
        _vector = new double[columns];
    }

    /// <summary>w of a coefficient, or of a contrast after the coefficients; NaN where it is not estimated.</summary>
    public ReadOnlySpan<double> Of(int combination) => _functionals.AsSpan(combination * _rank, _rank);

    /// <summary>The linearly independent w of a test, one after the other; empty where it is not estimated.</summary>
    public ReadOnlySpan<double> OfTest(int test) => _ofTests[test].AsSpan(0, _degrees[test] * _rank);

    /// <summary>The degrees of freedom of a test's numerator; 0 where it is not estimated.</summary>
    public int Degrees(int test) => _degrees[test];

    /// <summary>Whether tests need the factorisation of the model matrix without weights.</summary>
    public bool NeedUnweighted => Array.Exists(_tests, one => one.Given.Count > 0);

    /// <summary>Computes everything for a factorisation.</summary>
    /// <param name="qr">The model matrix with rows scaled by the roots of weights.</param>
    /// <param name="unweighted">The model matrix; the same object where there are no weights.</param>
    public void Compute(ILeastSquares qr, ILeastSquares unweighted)
    {
        _rank = qr.Rank;
        _functionals.AsSpan(0, (_columns + _contrasts.Length) * _rank).Fill(double.NaN);
        for (var place = 0; place < _rank; place++)
        {
            var functional = _functionals.AsSpan(qr.Pivots[place] * _rank, _rank);
            functional.Clear();
            functional[place] = 1;
            qr.SolveTransposed(functional);
        }
        for (var c = 0; c < _contrasts.Length; c++)
            if (_combinations.IsEstimable(qr, _contrasts[c].Rows[0]))
                EstimableCombinations.Functional(qr, _contrasts[c].Rows[0], _functionals.AsSpan((_columns + c) * _rank, _rank));
        for (var t = 0; t < _tests.Length; t++)
            Fill(qr, unweighted, t);
    }

    private void Fill(ILeastSquares qr, ILeastSquares unweighted, int t)
    {
        var test = _tests[t];
        _degrees[t] = 0;
        if (test is { Given.Count: > 0, TestedColumns: { } tested })
            FillSequentially(qr, unweighted, t, tested, test.ExcludedColumns);
        else
            foreach (var row in test.Rows)
                if (_combinations.IsEstimable(qr, row))
                    EstimableCombinations.Functional(qr, row, _ofTests[t].AsSpan(_degrees[t]++ * _rank, _rank));
                else if (test.TestedColumns is null)
                {
                    _degrees[t] = 0;
                    return;
                }
    }

    private void FillSequentially(ILeastSquares qr, ILeastSquares unweighted, int t, IReadOnlyList<int> tested, IReadOnlyList<int> excluded)
    {
        _basis.Clear(_rank);
        for (var column = 0; column < _columns; column++)
            if (!tested.Contains(column) && !excluded.Contains(column))
                Append(unweighted, column);
        foreach (var column in tested)
        {
            if (!(Append(unweighted, column) is var length and > 0))
                continue;
            var direction = _basis.Vector(_basis.Count - 1);
            for (var c = 0; c < _columns; c++)
            {
                unweighted.Coordinates(c, _vector.AsSpan(0, _rank));
                _row[c] = Sequential.Dot(_vector.AsSpan(0, _rank), direction) / length;
            }
            EstimableCombinations.Functional(qr, _row, _ofTests[t].AsSpan(_degrees[t]++ * _rank, _rank));
        }
    }

    /// <summary>Appends the part of a column that is orthogonal to the basis, normalised; its length, 0 if there is none.</summary>
    private double Append(ILeastSquares qr, int column)
    {
        qr.Coordinates(column, _vector.AsSpan(0, _rank));
        return _basis.Append(_vector.AsSpan(0, _rank), Dependent);
    }
}
