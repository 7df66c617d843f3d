namespace HpcFit.Shared.Specs;

/// <summary>Where a block of result columns goes.</summary>
public enum BlockDestination
{
    /// <summary>A dataset of the analysis, columns × elements of the results: <c>/results/&lt;analysis&gt;/&lt;name&gt;</c>.</summary>
    Analysis,

    /// <summary>
    /// A new scalar, one column a subject: <c>/scalars/&lt;name&gt;/values</c>, subjects × all elements of the file, and
    /// <c>column_names</c>. Type, chunks and compression are those of the scalar it was made from.
    /// </summary>
    Scalar,
}

/// <summary>
/// Consecutive columns that workers compute and partials carry, which are no part of the results matrix: fitted curves, a value a subject.
/// Only their number is declared, so 40,000 of them cost a run's document nothing.
/// </summary>
/// <param name="Destination">Where they go.</param>
/// <param name="Name">A dataset's path below the analysis (<c>smooth_curves/s_Age/fit</c>), or the new scalar's name.</param>
/// <param name="Columns">How many: the rows of that dataset.</param>
/// <param name="LikeScalar">The scalar that a new one is made like; null for another destination.</param>
/// <param name="Sources">The source names of a new scalar's columns; null for another destination.</param>
public sealed record ColumnBlock(
    BlockDestination Destination,
    string Name,
    int Columns,
    string? LikeScalar = null,
    IReadOnlyList<string>? Sources = null
);

/// <summary>Numbers of the analysis that are known before anything is fitted, such as the points at which curves are drawn.</summary>
/// <param name="Name">The dataset's path below the analysis (<c>smooth_curves/s_Age/Age</c>).</param>
/// <param name="Values">Its values; the dataset has one axis.</param>
public sealed record FixedDataset(string Name, IReadOnlyList<double> Values);
