namespace HpcFit.Worker.Formulas;

/// <summary>The model matrix of the observed rows of one element.</summary>
internal sealed class DesignMatrix
{
    /// <summary>The rows (of all subjects, ascending) after na.omit.</summary>
    public required int[] Rows { get; init; }

    /// <summary>The number of columns.</summary>
    public required int Columns { get; init; }

    /// <summary>
    /// The matrix, column-major, <c>Rows x Columns</c>; all finite unless <see cref="Problem"/> is set. If the caller of
    /// <see cref="ModelDesign.Build"/> provided the array, it may be longer and is overwritten by the next design.
    /// </summary>
    public required double[] Values { get; init; }

    /// <summary>The sum of the offsets per row, or null.</summary>
    public double[]? Offset { get; init; }

    /// <summary>The prior weights per row, including zeros, or null.</summary>
    public double[]? Weights { get; init; }

    /// <summary>Why the design cannot be fitted.</summary>
    public DesignProblem Problem { get; internal set; }

    /// <summary>
    /// Whether a level present in the cohort's complete rows has no rows at this element. R would drop the level and with it a column (lm
    /// and gam drop unused levels of factors and of character columns), so the element's columns would differ from the run's.
    /// </summary>
    public bool HasEmptyLevel => Problem == DesignProblem.EmptyLevel;

    /// <summary>The finite rows that it was built from; null if it cannot be refilled.</summary>
    internal int[]? FiniteRows { get; init; }

    /// <summary>The index of each of <see cref="Rows"/> in <see cref="FiniteRows"/>.</summary>
    internal int[] PlaceInFinite { get; init; } = [];

    /// <summary>Per variable, the coded columns at <see cref="FiniteRows"/>; null for variables that are not evaluated per
    /// element.</summary>
    internal CodedVariable?[] Dynamic { get; init; } = [];
}
