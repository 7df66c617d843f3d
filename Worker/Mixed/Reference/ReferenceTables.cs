using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Rows;

namespace HpcFit.Worker.Mixed.Reference;

/// <summary>The rows of an element: Q of their fixed effects by MathNet.Numerics' QR, and the effects of random terms.</summary>
internal sealed class ReferenceTables(
    ModelDesign model,
    int subjects,
    IReadOnlyList<ReferenceTerm> terms,
    IReadOnlyList<Hypothesis> hypotheses
) : IRowTables
{
    private readonly ReferenceLeastSquares _qr = new(subjects, model.ColumnNames.Count);
    private readonly ReferenceLeastSquares _unweighted = new(subjects, model.ColumnNames.Count);

    /// <inheritdoc/>
    public DesignMatrix? Design { get; set; }

    /// <inheritdoc/>
    public bool IsFactored { get; set; }

    /// <summary>The subject of each row.</summary>
    public int[] Subjects { get; private set; } = [];

    /// <summary>The square root of each row's weight.</summary>
    public double[] Roots { get; private set; } = [];

    /// <summary>The offset of each row.</summary>
    public double[] Offsets { get; private set; } = [];

    /// <summary>Q, with rows scaled by the roots of weights.</summary>
    public DenseMatrix Basis { get; private set; } = new(0, 0);

    /// <summary>Per term its effects at each row, scaled likewise.</summary>
    public IReadOnlyList<DenseMatrix> Effects { get; private set; } = [];

    /// <summary>Per term the group of each row.</summary>
    public IReadOnlyList<int[]> Levels { get; private set; } = [];

    /// <summary>Coefficients, contrasts and F tests in coordinates on Q.</summary>
    public Combinations Combinations { get; } = new(model.ColumnNames.Count, hypotheses);

    /// <summary>ln |X'WX| over the columns that are not aliased.</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>Σ ln w.</summary>
    public double LogWeights { get; private set; }

    /// <inheritdoc/>
    public void Factor(DesignMatrix design, ReadOnlySpan<int> finite, ReadOnlySpan<int> places)
    {
        var (rows, columns) = (places.Length, design.Columns);
        int[] at = [.. places];
        Subjects = [.. at.Select(place => design.Rows[place])];
        Roots = [.. at.Select(place => Math.Sqrt(design.Weights?[place] ?? 1))];
        Offsets = [.. at.Select(place => design.Offset?[place] ?? 0)];
        LogWeights = Roots.Sum(root => 2 * ReproducibleMath.Log(root));
        var (scaled, plain) = (new double[rows * columns], new double[rows * columns]);
        for (var c = 0; c < columns; c++)
        for (var row = 0; row < rows; row++)
        {
            plain[(c * rows) + row] = design.Values[(c * design.Rows.Length) + at[row]];
            scaled[(c * rows) + row] = plain[(c * rows) + row] * Roots[row];
        }
        _qr.Factor(scaled, rows, columns);
        _unweighted.Factor(plain, rows, columns);
        Combinations.Compute(_qr, _unweighted);
        Basis = new(rows, _qr.Rank);
        _qr.CopyBasis(Basis.Values);
        var model = new DenseMatrix(rows, _qr.Rank);
        for (var k = 0; k < _qr.Rank; k++)
        for (var row = 0; row < rows; row++)
            model[row, k] = scaled[(_qr.Pivots[k] * rows) + row];
        var information = model.Transposed().Times(model);
        if (!Cholesky.TryFactor(information))
            throw new ArithmeticException("X'WX of columns that are not aliased is not positive definite.");
        LogDeterminant = Cholesky.LogDeterminant(information.Values, _qr.Rank);
        var effects = new List<DenseMatrix>();
        foreach (var term in terms)
        {
            var values = new DenseMatrix(rows, term.Effects);
            term.Fill(finite, Subjects, values.Values);
            for (var row = 0; row < rows; row++)
            for (var e = 0; e < term.Effects; e++)
                values[row, e] *= Roots[row];
            effects.Add(values);
        }
        (Effects, Levels) = (effects, [.. terms.Select(term => (int[])[.. Subjects.Select(subject => term.Codes[subject])])]);
    }
}
