namespace HpcFit.Shared.Specs.Layouts;

/// <summary>Where a block of result columns goes.</summary>
public enum BlockDestination
{
    /// <summary>A dataset of the analysis, columns × elements of the results: <c>/results/&lt;analysis&gt;/&lt;name&gt;</c>.</summary>
    Analysis,

    /// <summary>
    /// A new scalar, one column per subject: <c>/scalars/&lt;name&gt;/values</c>, subjects × all elements of the file, and
    /// <c>column_names</c>. Type, chunks and compression are those of the scalar it was made from.
    /// </summary>
    Scalar,
}

/// <summary>
/// Consecutive columns that workers compute and partials carry, but which are not part of the results matrix: fitted curves, one value per
/// subject. Only their number is declared, so 40,000 of them do not enlarge a run's document.
/// </summary>
/// <param name="Destination">Where they go.</param>
/// <param name="Name">A dataset's path below the analysis (<c>smooth_curves/s_Age/fit</c>), or the new scalar's name.</param>
/// <param name="Columns">How many: the rows of that dataset.</param>
/// <param name="LikeScalar">The scalar whose type, chunks and compression a new scalar takes; null for other destinations.</param>
/// <param name="Sources">The source names of a new scalar's columns; null for other destinations.</param>
public sealed record ColumnBlock(
    BlockDestination Destination,
    string Name,
    int Columns,
    string? LikeScalar = null,
    IReadOnlyList<string>? Sources = null
);

/// <summary>Values of the analysis that are known before anything is fitted, such as the points at which curves are drawn.</summary>
/// <param name="Name">The dataset's path below the analysis (<c>smooth_curves/s_Age/Age</c>).</param>
/// <param name="Values">Its values; the dataset is one-dimensional.</param>
public sealed record FixedDataset(string Name, IReadOnlyList<double> Values);
