using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Shuffling;

namespace HpcFit.Worker.Permutation;

/// <summary>The hypotheses of a model that share a list of shuffles. Immutable and shared by threads.</summary>
/// <param name="Errors">The assumption about the errors.</param>
/// <param name="Places">The places of the hypotheses among all that are tested.</param>
/// <param name="Shuffles">The list.</param>
/// <param name="Method">The method.</param>
internal sealed record TestedHypotheses(string Errors, IReadOnlyList<int> Places, IShuffleList Shuffles, ShuffleMethod Method)
{
    /// <summary>The list, for the merge and for people.</summary>
    public ShuffleSummary Summary => new(Shuffled, Shuffles.Count, Shuffles.IsExhaustive, Shuffles.LogPossible);

    /// <summary>What the shuffles are: those of a file need not be what the assumption would have drawn.</summary>
    private string Shuffled =>
        (Shuffles.Permutes, Shuffles.Flips) switch
        {
            (true, true) => PermutationSpec.Both,
            (false, true) => PermutationSpec.Symmetric,
            (true, false) => PermutationSpec.Exchangeable,
            _ => Errors,
        };

    /// <summary>Assigns hypotheses to lists of shuffles.</summary>
    /// <param name="spec">The permutation tests.</param>
    /// <param name="design">The model matrix of all subjects.</param>
    /// <param name="hypotheses">The hypotheses.</param>
    /// <param name="cohort">The cohort.</param>
    /// <param name="groups">The variance group of each subject of the cohort; null: none.</param>
    /// <exception cref="BadInputException">Blocks or a file of shuffles cannot be used.</exception>
    public static IReadOnlyList<TestedHypotheses> Create(
        PermutationSpec spec,
        WholeCohortDesign design,
        IReadOnlyList<TestedSpace> hypotheses,
        CohortTable cohort,
        int[]? groups
    )
    {
        var constant = ShuffledDesign.Constant(design);
        return
        [
            .. Enumerable
                .Range(0, hypotheses.Count)
                .GroupBy(place => spec.Errors ?? Errors(hypotheses[place]))
                .Select(group => Create(group.Key, [.. group])),
        ];

        string Errors(TestedSpace hypothesis) =>
            constant is not null && hypothesis.Tests(constant) ? PermutationSpec.Symmetric : PermutationSpec.Exchangeable;

        TestedHypotheses Create(string errors, IReadOnlyList<int> places)
        {
            var shuffles = new KeptShuffles(ShuffleLists.Create(spec, cohort, design.Rows, errors));
            var shuffled = new ShuffledDesign(design, [.. places.Select(place => hypotheses[place])], shuffles.Flips);
            return new(errors, places, shuffles, MethodOf(spec, shuffled, design, groups));
        }
    }

    /// <summary>The same tests where only some of the rows are present.</summary>
    /// <param name="spec">The permutation tests.</param>
    /// <param name="design">The model matrix of the present rows.</param>
    /// <param name="hypotheses">All hypotheses, on these rows.</param>
    /// <param name="shuffles">The shuffles of these rows.</param>
    /// <param name="groups">The variance group of each subject of the cohort; null: none.</param>
    public TestedHypotheses OnRows(
        PermutationSpec spec,
        WholeCohortDesign design,
        IReadOnlyList<TestedSpace> hypotheses,
        IShuffleList shuffles,
        int[]? groups
    )
    {
        var shuffled = new ShuffledDesign(design, [.. Places.Select(place => hypotheses[place])], shuffles.Flips);
        return this with { Shuffles = shuffles, Method = MethodOf(spec, shuffled, design, groups) };
    }

    private static ShuffleMethod MethodOf(PermutationSpec spec, ShuffledDesign shuffled, WholeCohortDesign design, int[]? groups)
    {
        if (groups is null)
            return spec.Method == PermutationSpec.Dekker ? new Dekker(shuffled) : new FreedmanLane(shuffled);
        var numbers = design.Rows.Select(row => groups[row]).Distinct().Order().ToList();
        return new GroupedVariances(shuffled, [.. design.Rows.Select(row => numbers.IndexOf(groups[row]))]);
    }
}
