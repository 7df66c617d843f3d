namespace HpcFit.Worker.Formulas;

/// <summary>Why a design cannot be fitted at one element; its numbers are then not to be used.</summary>
internal enum DesignProblem
{
    /// <summary>None.</summary>
    None,

    /// <summary>A factor level that the whole cohort has lost all its rows.</summary>
    EmptyLevel,

    /// <summary>A data-dependent term cannot be built on the rows left.</summary>
    BasisImpossible,

    /// <summary>A column is infinite (the log of zero), which R's lm refuses.</summary>
    InvalidValue,
}

/// <summary>The model matrix on the rows that are left at one element.</summary>
internal sealed class DesignMatrix
{
    /// <summary>The rows (of all subjects, ascending) after na.omit.</summary>
    public required int[] Rows { get; init; }

    /// <summary>How many columns.</summary>
    public required int Columns { get; init; }

    /// <summary>
    /// The matrix, column-major, <c>Rows x Columns</c>; all finite unless <see cref="Problem"/> says otherwise. Longer, and overwritten by
    /// the next design, where the caller of <see cref="ModelDesign.Build"/> gave it.
    /// </summary>
    public required double[] Values { get; init; }

    /// <summary>The sum of the offsets by row, or null.</summary>
    public double[]? Offset { get; init; }

    /// <summary>The prior weights by row, zeros included, or null.</summary>
    public double[]? Weights { get; init; }

    /// <summary>Why it cannot be fitted.</summary>
    public DesignProblem Problem { get; internal set; }

    /// <summary>
    /// A level that the cohort's complete rows have lost all its rows here. R would drop the level and with it a column
    /// (lm and gam drop unused levels of factors as of texts), so the element's columns would no longer be the run's.
    /// </summary>
    public bool HasEmptyLevel => Problem == DesignProblem.EmptyLevel;

    /// <summary>The finite rows it was built from; null when it cannot be refilled.</summary>
    internal int[]? FiniteRows { get; init; }

    /// <summary>Where each of <see cref="Rows"/> stands among <see cref="FiniteRows"/>.</summary>
    internal int[] PlaceInFinite { get; init; } = [];

    /// <summary>By variable, the coded columns on <see cref="FiniteRows"/> of those that are evaluated per element.</summary>
    internal CodedVariable?[] Dynamic { get; init; } = [];
}
