using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Linear;

/// <summary>
/// The design of every element where no subject is missing, factored once as √w X = Q R with the columns in the order of their pivots.
/// Immutable and shared by threads.
/// </summary>
internal sealed class WholeCohortDesign : ITileRows
{
    private WholeCohortDesign(DesignMatrix design, InferencePlan plan)
    {
        var rows = new List<int>();
        for (var i = 0; i < design.Rows.Length; i++)
            if (design.Weights is not { } weights || weights[i] > 0)
                rows.Add(i);
        Rows = [.. rows.Select(i => design.Rows[i])];
        RootWeights = design.Weights is null ? null : [.. rows.Select(i => Math.Sqrt(design.Weights[i]))];
        Offset = design.Offset is null ? null : [.. rows.Select(i => design.Offset[i])];

        var x = new double[rows.Count * design.Columns];
        for (var c = 0; c < design.Columns; c++)
        for (var i = 0; i < rows.Count; i++)
            x[(c * rows.Count) + i] = design.Values[(c * design.Rows.Length) + rows[i]] * (RootWeights?[i] ?? 1);
        var qr = new PivotedQr();
        qr.Factor(x, rows.Count, design.Columns);
        Rank = qr.Rank;
        Pivots = qr.Pivots[..Rank].ToArray();
        IsFullRank = Rank == design.Columns;

        Basis = new double[rows.Count * Rank];
        qr.CopyBasis(Basis);
        Upper = new double[Rank * Rank];
        for (var c = 0; c < Rank; c++)
        for (var r = 0; r <= c; r++)
            Upper[(r * Rank) + c] = qr.R(r, c);
        Variances = new double[Rank];
        qr.UnscaledVariances(Variances, new double[Rank]);
        Hypotheses = new(plan, design.Columns);
        Hypotheses.Compute(qr);
        if (plan.IsRobust)
        {
            Robust = new(plan, Rows.Length, design.Columns);
            Robust.Compute(qr, Hypotheses, Rows, RootWeights);
        }
        OffsetProjections = new double[Rank];
        if (Offset is not null)
            OffsetOutsideSquares = ProjectOffset(qr, [.. Offset.Select((value, i) => value * (RootWeights?[i] ?? 1))]);
        LogWeights = design.Weights is null ? null : [.. rows.Select(i => ReproducibleMath.Log(design.Weights[i]))];
        foreach (var value in LogWeights ?? [])
            SumOfLogWeights += value;
    }

    /// <inheritdoc/>
    public int[] Rows { get; }

    /// <inheritdoc/>
    public double[]? RootWeights { get; }

    /// <inheritdoc/>
    public double[]? Offset { get; }

    /// <summary>Columns that are not aliased.</summary>
    public int Rank { get; }

    /// <summary>Whether no column is aliased.</summary>
    public bool IsFullRank { get; }

    /// <summary>The coefficient at each position of R.</summary>
    public int[] Pivots { get; }

    /// <summary>Q, rows × rank, row-major.</summary>
    public double[] Basis { get; }

    /// <summary>R, rank × rank, row-major.</summary>
    public double[] Upper { get; }

    /// <summary>The diagonal of (X'WX)⁻¹ at the positions of R.</summary>
    public double[] Variances { get; }

    /// <summary>What the hypotheses need of the factors.</summary>
    public HypothesisFactors Hypotheses { get; }

    /// <summary>What robust covariances need of the factors; null: they are not computed.</summary>
    public RobustFactors? Robust { get; }

    /// <summary>c = Q' √w offset; zeros without an offset.</summary>
    public double[] OffsetProjections { get; }

    /// <summary>‖√w offset - Q c‖²: the part of the fitted values outside the span of X.</summary>
    public double OffsetOutsideSquares { get; }

    /// <inheritdoc/>
    public double[]? LogWeights { get; }

    /// <summary>The sum of <see cref="LogWeights"/>; 0 without weights.</summary>
    public double SumOfLogWeights { get; }

    /// <summary>Factors the design; null when scalars are predictors, so that no two elements share it, or when it has a problem.</summary>
    public static WholeCohortDesign? Create(ModelDesign design, int subjects, InferencePlan plan) =>
        design.VariesWithScalars ? null : Create(design, [.. Enumerable.Range(0, subjects)], plan);

    /// <summary>Factors the design of elements where only some subjects are present; null when it has a problem.</summary>
    /// <param name="design">The model, in which no scalar is a predictor.</param>
    /// <param name="present">The subjects with a value, ascending.</param>
    /// <param name="plan">What is computed.</param>
    public static WholeCohortDesign? Create(ModelDesign design, ReadOnlySpan<int> present, InferencePlan plan)
    {
        var whole = design.Build(present, []);
        return whole.Problem == DesignProblem.None ? new(whole, plan) : null;
    }

    private double ProjectOffset(PivotedQr qr, double[] offset)
    {
        qr.ApplyTransposed(offset);
        offset.AsSpan(0, Rank).CopyTo(OffsetProjections);
        var outside = 0.0;
        foreach (var value in offset.AsSpan(Rank))
            outside += value * value;
        return outside;
    }
}
