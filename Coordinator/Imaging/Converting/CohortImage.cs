namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>One image of a cohort.</summary>
/// <param name="Line">The cohort's row, counted from 1 without the header.</param>
/// <param name="Source">The file as the cohort names it, which becomes the subject's source name.</param>
/// <param name="Path">Where it is.</param>
/// <param name="MaskPath">Its own mask; null: none.</param>
internal sealed record CohortImage(int Line, string Source, string Path, string? MaskPath);

/// <summary>The images of one scalar, in the cohort's order.</summary>
/// <param name="Scalar">The scalar's name.</param>
/// <param name="Images">One for each subject.</param>
internal sealed record ScalarImages(string Scalar, IReadOnlyList<CohortImage> Images)
{
    /// <summary>The cohort's rows that name this scalar, or all rows of a wide cohort, but no file.</summary>
    public IReadOnlyList<int> LeftOut { get; init; } = [];
}
