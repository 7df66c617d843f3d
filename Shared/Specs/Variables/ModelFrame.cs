namespace HpcFit.Shared.Specs.Variables;

/// <summary>A variable and the number of selected subjects that cannot be used because it is missing.</summary>
/// <param name="Variable">The column, or an expression of the formula that has no value where its columns have one.</param>
/// <param name="Subjects">The number of subjects.</param>
public sealed record MissingCount(string Variable, int Subjects);

/// <summary>
/// The subjects and variables of a model, as R's model frame: reported before a fit, and stored with it. Values of scalars that are missing
/// at an element are not considered.
/// </summary>
public sealed record ModelFrame
{
    /// <summary>The number of subjects in the file; 0 if unknown.</summary>
    public int SubjectsInFile { get; init; }

    /// <summary>The number of those that are in the cohort.</summary>
    public int SubjectsInCohort { get; init; }

    /// <summary>The number of the cohort's subjects that the condition selects; all of them without one.</summary>
    public int Selected { get; init; }

    /// <summary>The number of the cohort's subjects for which the condition is missing; they are not selected.</summary>
    public int Undecided { get; init; }

    /// <summary>The number of selected subjects without a missing variable.</summary>
    public required int Used { get; init; }

    /// <summary>The number of used subjects of weight 0.</summary>
    public int ZeroWeights { get; init; }

    /// <summary>Why selected subjects are not used. A subject that lacks several variables is counted for each.</summary>
    public IReadOnlyList<MissingCount> Missing { get; init; } = [];

    /// <summary>The variables in the order of the formula, then weights; the columns of the data of a user's function.</summary>
    public required IReadOnlyList<VariableSummary> Variables { get; init; }
}
