using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>
/// Names the maps of permuted hypotheses as another program does, with that program's quantities: their p-values are 1 - p.
/// </summary>
/// <remarks>MRtrix3 3.0 documentation of the commands; FSL, user guide of randomise.</remarks>
internal static class MapNaming
{
    /// <summary>By the ending of a column: the map's name in the program, without hypothesis, and its quantity.</summary>
    private static readonly Dictionary<string, (string Name, MapValue Value)> OfMRtrix = new()
    {
        [".estimate"] = ("abs_effect", MapValue.Itself),
        [".cohens.d"] = ("std_effect", MapValue.Itself),
        [".z"] = ("Zstat", MapValue.Itself),
        [".tfce"] = ("tfce", MapValue.Itself),
        [".cfe"] = ("cfe", MapValue.Itself),
        [".cluster"] = ("clustersize", MapValue.Itself),
        [PermutedHypothesis.FamilyWise] = ("fwe_1mpvalue", MapValue.OneMinus),
        [PermutedHypothesis.Uncorrected] = ("uncorrected_pvalue", MapValue.OneMinus),
    };

    private static readonly Dictionary<string, (string Name, MapValue Value)> OfFsl = new()
    {
        [".estimate"] = ("cope", MapValue.Itself),
        [".z"] = ("z", MapValue.Itself),
        [".tfce"] = ("tfce", MapValue.Itself),
        [".cfe"] = ("cfe", MapValue.Itself),
        [".cluster"] = ("cluster", MapValue.Itself),
        [PermutedHypothesis.FamilyWise] = ("corrp", MapValue.OneMinus),
        [PermutedHypothesis.Uncorrected] = ("p", MapValue.OneMinus),
    };

    /// <summary>The maps of some columns. Columns that the program has no map for keep their names.</summary>
    /// <param name="names">The program.</param>
    /// <param name="columns">All columns' names.</param>
    /// <param name="wanted">The numbers of the columns to show.</param>
    /// <param name="subject">The analysis, for messages.</param>
    /// <exception cref="BadInputException">No column is of a permuted hypothesis.</exception>
    public static IReadOnlyList<ResultMap> Maps(MapNames names, IReadOnlyList<string> columns, IEnumerable<int> wanted, string subject)
    {
        if (names == MapNames.ModelArray)
            return ResultMap.From(columns, wanted);
        var hypotheses = PermutedHypothesis.Find(columns);
        if (hypotheses.Count == 0)
            throw new BadInputException(
                $"{subject} has no p-values by permutation (columns that end with {PermutedHypothesis.Uncorrected} or "
                    + $"{PermutedHypothesis.FamilyWise}), and only those have names in other programs. Omit --names."
            );
        return
        [
            .. wanted.SelectMany(column =>
                Named(names, columns[column], hypotheses) is { } named
                    ? [new ResultMap(column, named.Value, named.Name)]
                    : ResultMap.From(columns, [column])
            ),
        ];
    }

    private static (string Name, MapValue Value)? Named(MapNames names, string column, IReadOnlyList<PermutedHypothesis> hypotheses)
    {
        var owner = hypotheses.Where(one => column.StartsWith(one.Name + ".", StringComparison.Ordinal)).MaxBy(one => one.Name.Length);
        if (owner is null)
            return null;
        var ending = column[owner.Name.Length..];
        return names == MapNames.MRtrix ? MRtrix(owner, ending, hypotheses.Count > 1) : Fsl(owner, ending);
    }

    /// <summary>
    /// MRtrix writes p-values of one statistic, the enhanced one; those of the other keep their names.
    /// </summary>
    private static (string, MapValue)? MRtrix(PermutedHypothesis hypothesis, string ending, bool hasOthers)
    {
        var letter = hypothesis.IsF ? "F" : "t";
        var suffix = hasOthers ? $"_{letter}{hypothesis.Number}" : "";
        if (IsStatistic(ending))
            return ($"{letter}value{suffix}", MapValue.Itself);
        var isOfP =
            ending.StartsWith(PermutedHypothesis.FamilyWise, StringComparison.Ordinal)
            || ending.StartsWith(PermutedHypothesis.Uncorrected, StringComparison.Ordinal);
        if (isOfP && hypothesis.Enhancement is { } enhancement)
        {
            if (!ending.EndsWith("." + enhancement, StringComparison.Ordinal))
                return null;
            ending = ending[..^(enhancement.Length + 1)];
        }
        return OfMRtrix.TryGetValue(ending, out var map) ? (map.Name + suffix, map.Value) : null;
    }

    /// <summary>As in <c>tfce_corrp_tstat1</c>: the statistic that was tested, the quantity, the hypothesis.</summary>
    private static (string, MapValue)? Fsl(PermutedHypothesis hypothesis, string ending)
    {
        var number = $"{(hypothesis.IsF ? "f" : "t")}stat{hypothesis.Number}";
        if (IsStatistic(ending))
            return (number, MapValue.Itself);
        var tested = "vox";
        if (
            hypothesis.Enhancement is { } enhancement
            && ending.Length > enhancement.Length + 1
            && ending.EndsWith("." + enhancement, StringComparison.Ordinal)
        )
            (tested, ending) = (enhancement, ending[..^(enhancement.Length + 1)]);
        if (!OfFsl.TryGetValue(ending, out var map))
            return null;
        return (map.Value == MapValue.OneMinus ? $"{tested}_{map.Name}_{number}" : $"{map.Name}_{number}", map.Value);
    }

    private static bool IsStatistic(string ending) => ending is ".statistic" or ".F.statistic";
}
