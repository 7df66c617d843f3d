using HpcFit.Shared.ModelArray;

namespace HpcFit.Shared.Specs;

/// <summary>The names that a data file holds already, which new results may not take.</summary>
/// <param name="Analyses">Names under <c>/results</c>.</param>
/// <param name="Scalars">Names under <c>/scalars</c>.</param>
public sealed record TakenNames(IReadOnlyList<string> Analyses, IReadOnlyList<string> Scalars)
{
    /// <summary>Those of the analyses that HpcFit wrote.</summary>
    public IReadOnlyList<WrittenAnalysis> Written { get; init; } = [];

    /// <summary>What is in the way of results in this file, whatever their name.</summary>
    public IReadOnlyList<Obstacle> Obstacles { get; init; } = [];

    /// <summary>What a file holds.</summary>
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
/// <param name="Elements">Its rows.</param>
public sealed record WrittenAnalysis(string Analysis, string Run, long Elements)
{
    /// <summary>Those that HpcFit wrote, of the analyses of a file.</summary>
    public static IReadOnlyList<WrittenAnalysis> From(IEnumerable<AnalysisSummary> analyses) =>
        [
            .. analyses
                .Where(analysis => analysis.Run is not null)
                .Select(analysis => new WrittenAnalysis(analysis.Name, analysis.Run!, analysis.Elements)),
        ];
}
