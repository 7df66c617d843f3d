namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>One image of a cohort.</summary>
/// <param name="Line">The cohort's row, counted from 1, excluding the header.</param>
/// <param name="Source">The file as written in the cohort, which becomes the subject's source name.</param>
/// <param name="Path">The path of the file.</param>
/// <param name="MaskPath">Its individual mask; null: none.</param>
internal sealed record CohortImage(int Line, string Source, string Path, string? MaskPath);

/// <summary>The images of one scalar, in the cohort's order.</summary>
/// <param name="Scalar">The scalar's name.</param>
/// <param name="Images">One per subject.</param>
internal sealed record ScalarImages(string Scalar, IReadOnlyList<CohortImage> Images)
{
    /// <summary>The cohort's rows for this scalar (all rows of a wide cohort) that have no file.</summary>
    public IReadOnlyList<int> LeftOut { get; init; } = [];
}
