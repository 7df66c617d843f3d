using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
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
    public ShuffleSummary Summary => new(Errors, Shuffles.Count, Shuffles.IsExhaustive, Shuffles.LogPossible);

    /// <summary>Assigns hypotheses to lists of shuffles.</summary>
    /// <param name="spec">The permutation tests.</param>
    /// <param name="design">The model matrix of all subjects.</param>
    /// <param name="hypotheses">The hypotheses.</param>
    /// <param name="cohort">The cohort.</param>
    /// <exception cref="BadInputException">Blocks or a file of shuffles cannot be used.</exception>
    public static IReadOnlyList<TestedHypotheses> Create(
        PermutationSpec spec,
        WholeCohortDesign design,
        IReadOnlyList<TestedSpace> hypotheses,
        CohortTable cohort
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
            var shuffles = ShuffleLists.Create(spec, cohort, design.Rows, errors);
            var shuffled = new ShuffledDesign(design, [.. places.Select(place => hypotheses[place])], shuffles.Flips);
            return new(errors, places, shuffles, MethodOf(spec, shuffled, design, cohort));
        }
    }

    private static ShuffleMethod MethodOf(PermutationSpec spec, ShuffledDesign shuffled, WholeCohortDesign design, CohortTable cohort)
    {
        if (spec.VarianceGroups is not { } column)
            return spec.Method == PermutationSpec.Dekker ? new Dekker(shuffled) : new FreedmanLane(shuffled);
        if (spec.Method == PermutationSpec.Dekker)
            throw new BadInputException(
                "--perm-method dekker has one variance for all subjects. Leave out --variance-groups, or use --perm-method freedman-lane."
            );
        var groups = SubjectClusters.Read(cohort, column, design.Rows, "--variance-groups", "variance group");
        var numbers = design.Rows.Select(row => groups[row]).Distinct().Order().ToList();
        var grouped = new GroupedVariances(shuffled, [.. design.Rows.Select(row => numbers.IndexOf(groups[row]))]);
        foreach (var group in grouped.WithoutResiduals)
        {
            var row = design.Rows.First(one => groups[one] == numbers[group]);
            throw new BadInputException(
                $"Cohort {cohort.Path}: the model fits every subject of the variance group of subject {row + 1} ('{column}', in the data "
                    + "file's order) exactly, so its variance cannot be estimated. Join it to another group, or simplify the model."
            );
        }
        return grouped;
    }
}
