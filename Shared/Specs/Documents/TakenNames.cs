using HpcFit.Shared.ModelArray;

namespace HpcFit.Shared.Specs.Documents;

/// <summary>The names already used in a data file, which new results may not take.</summary>
/// <param name="Analyses">Names under <c>/results</c>.</param>
/// <param name="Scalars">Names under <c>/scalars</c>.</param>
public sealed record TakenNames(IReadOnlyList<string> Analyses, IReadOnlyList<string> Scalars)
{
    /// <summary>The analyses that HpcFit wrote.</summary>
    public IReadOnlyList<WrittenAnalysis> Written { get; init; } = [];

    /// <summary>What prevents writing results into this file, whatever their name.</summary>
    public IReadOnlyList<Obstacle> Obstacles { get; init; } = [];

    /// <summary>The names used in a file.</summary>
    public static TakenNames From(ModelArrayFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new([.. file.Analyses.Select(analysis => analysis.Name)], [.. file.Scalars.Select(scalar => scalar.Name)])
        {
            Written = WrittenAnalysis.From(file.Analyses),
            Obstacles = file.Obstacles,
        };
    }
}

/// <summary>An analysis that HpcFit wrote.</summary>
/// <param name="Analysis">Its name.</param>
/// <param name="Run">The digest of its run.</param>
/// <param name="Elements">The number of its rows, one per element.</param>
public sealed record WrittenAnalysis(string Analysis, string Run, long Elements)
{
    /// <summary>The analyses of a file that HpcFit wrote.</summary>
    public static IReadOnlyList<WrittenAnalysis> From(IEnumerable<AnalysisSummary> analyses) =>
        [
            .. analyses
                .Where(analysis => analysis.Run is not null)
                .Select(analysis => new WrittenAnalysis(analysis.Name, analysis.Run!, analysis.Elements)),
        ];
}
