using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Models;
using HpcFit.Worker.Shuffling;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// Linear models whose hypotheses are tested by shuffles: the fits of <see cref="LinearEngine"/>, and per hypothesis the distribution of
/// its statistic over the shuffles.
/// </summary>
internal sealed class PermutationEngine : IModelEngine
{
    /// <summary>Raised whenever a bit of a permutation test may change.</summary>
    private const int OwnVersion = 5;

    /// <summary>Products of a call of the fitter that take about half a second.</summary>
    private const double OperationsPerCall = 2e10;

    private const int MaxElementsPerFit = 512;

    /// <summary>Residuals of a block where a stage over shuffles computes the statistics.</summary>
    private const int BytesPerFit = 8 << 20;

    /// <summary>The extremes of a block have at most half of it.</summary>
    private const long MaxExtremes = 8 << 20;

    private readonly PermutationSpec _spec;
    private readonly CohortTable _cohort;
    private readonly IReadOnlyList<int> _tested;
    private readonly int[]? _groups;
    private readonly IReadOnlyList<int[]>? _blocks;
    private readonly string[] _permutedMeans;

    private PermutationEngine(ModelSpec model, LinearEngine linear, CohortTable cohort)
    {
        (_spec, _cohort, Linear, Enhancement) = (model.Permutation!, cohort, linear, model.Enhancement);
        var design = Design(linear);
        var tested = Spaces(design, Enumerable.Range(0, linear.Hypotheses.Count));
        Refuse(linear, design, tested);
        RefuseSide(tested);
        _tested = [.. tested.Select(one => one.Place)];
        _permutedMeans =
            _spec.Errors == PermutationSpec.Exchangeable && ShuffledDesign.Constant(design) is { } constant
                ? [.. tested.Where(one => one.Tests(constant)).Select(one => $"'{one.Name}'")]
                : [];
        _groups = VarianceGroups.Read(_spec, cohort, design);
        var lists = TestedHypotheses.Create(_spec, design, tested, cohort, _groups);
        if (lists[0].Method is GroupedVariances grouped)
            VarianceGroups.Refuse(cohort, _spec.VarianceGroups!, design, _groups!, grouped);
        _blocks = BlocksOfRows(design);
        var degrees = design.Rows.Length - design.Rank;
        All = new(design, lists, Scores(tested, degrees));
        RefuseWithoutShuffles();
        StatisticsAreScores = lists[0].Method.AreScores;
        AreScores = StatisticsAreScores || TestsPatterns;
        var hypotheses = tested
            .Select(
                (one, place) =>
                    new PermutedHypothesis(one.Name, -1, one.IsSigned, one.Degrees, degrees, ListOf(place))
                    {
                        IsScore = AreScores,
                        Alternative = one.IsSigned ? _spec.Alternative : null,
                    }
            )
            .ToList();
        var summaries = Lists.Select(list => list.Summary).ToList();
        if (!IsCountedByStage)
            RefuseLarge(summaries.Max(list => list.Count), hypotheses.Count);
        Columns = new(model, linear.Layout, summaries, hypotheses);
        ElementsPerFit = IsCountedByStage
            // All shuffles of a batch are packed for each block, whose residuals stay in the third cache.
            ? Math.Clamp(BytesPerFit / (sizeof(double) * design.Rows.Length), TileKernel.Width, 4 * MaxElementsPerFit)
            : (int)Math.Clamp(OperationsPerCall / Operations(design.Rows.Length), TileKernel.Width, MaxElementsPerFit);
    }

    /// <inheritdoc/>
    public ResultLayout Layout => Columns.Layout;

    /// <inheritdoc/>
    public IReadOnlyList<string> Scalars => Linear.Scalars;

    /// <inheritdoc/>
    public IReadOnlyList<string> CohortColumns =>
        [
            .. Linear
                .CohortColumns.Concat(ShuffleLists.Columns(_spec).Append(_spec.VarianceGroups))
                .OfType<string>()
                .Where(name => _cohort.Find(name) is not null)
                .Distinct(),
        ];

    /// <inheritdoc/>
    public int NumericVersion => (1000 * OwnVersion) + Linear.NumericVersion;

    /// <inheritdoc/>
    public IReadOnlyList<int> CompleteRows => Linear.CompleteRows;

    /// <inheritdoc/>
    public IReadOnlyList<int> FittedRows => All.Design.Rows;

    /// <inheritdoc/>
    public ModelFrame Frame => Linear.Frame;

    /// <inheritdoc/>
    public ModelMatrix? Matrix => Linear.Matrix;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => [.. Linear.Warnings, .. Notes()];

    /// <inheritdoc/>
    public int ElementsPerFit { get; }

    /// <inheritdoc/>
    public IShuffledModel Shuffled => new ShuffledModel(this);

    /// <summary>The model of the fits.</summary>
    public LinearEngine Linear { get; }

    /// <summary>The result columns.</summary>
    public PermutationColumns Columns { get; }

    /// <summary>The tests of elements where no subject is missing.</summary>
    public DesignTests All { get; }

    /// <summary>The hypotheses by their lists of shuffles.</summary>
    public IReadOnlyList<TestedHypotheses> Lists => All.Lists;

    /// <summary>Whether elements where subjects are missing are tested, too.</summary>
    public bool TestsPatterns => _spec.Missing == PermutationSpec.Pattern;

    /// <summary>Whether elements are compared by z, because their degrees of freedom differ.</summary>
    public bool AreScores { get; }

    /// <summary>Whether the methods give z.</summary>
    public bool StatisticsAreScores { get; }

    /// <summary>The hypotheses, by the names with which their result columns begin.</summary>
    public IReadOnlyList<PermutedHypothesis> Hypotheses => Layout.Permutation!.Hypotheses;

    /// <inheritdoc/>
    public PermutationLayout DeclareTests()
    {
        var tests = Layout.Permutation!;
        return tests with { Hypotheses = UnchangedStatistics.Count(Linear, All, tests.Hypotheses) };
    }

    /// <summary>The enhancement of the maps; null: none.</summary>
    public EnhancementSpec? Enhancement { get; }

    /// <summary>
    /// Whether a stage over shuffles computes the statistics of shuffled data, as maps to enhance, and counts there: then the fits need not
    /// compute them as well.
    /// </summary>
    public bool IsCountedByStage => Enhancement is not null;

    /// <inheritdoc cref="EngineFactory"/>
    /// <exception cref="BadInputException">The model, its hypotheses or its shuffles cannot be used.</exception>
    public static PermutationEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar
    ) => Create(model, cohortInFileOrder, scalarsOfFile, responseScalar, KernelEnvironment.Read());

    /// <summary>The same with a chosen kernel.</summary>
    public static PermutationEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar,
        KernelChoice kernel
    ) => new(model, LinearEngine.Create(model, cohortInFileOrder, scalarsOfFile, responseScalar, kernel), cohortInFileOrder);

    /// <summary>For each hypothesis the conversion to z in which extremes are compared; null: none.</summary>
    public IReadOnlyList<NormalScores>? ScoresOfExtremes(DesignTests tests) => AreScores && !StatisticsAreScores ? tests.Scores : null;

    /// <inheritdoc/>
    public IBlockFitter CreateFitter() => new PermutationFitter(this);

    /// <summary>The tests of elements where only some subjects are present; null: they cannot be tested.</summary>
    /// <param name="present">The subjects with a value, ascending.</param>
    public DesignTests? TestsOf(ReadOnlySpan<int> present)
    {
        if (WholeCohortDesign.Create(Linear.Design, present, Linear.Plan) is not { } design || design.Rows.Length <= design.Rank)
            return null;
        var spaces = Spaces(design, _tested);
        if (spaces.Count < _tested.Count)
            return null;
        var rows = All.Design.Rows.Index().ToDictionary(one => one.Item, one => one.Index);
        var restricted = design.Rows.Select(row => rows[row]).ToArray();
        return new(
            design,
            [
                .. Lists.Select(list =>
                    list.OnRows(
                        _spec,
                        design,
                        spaces,
                        new RestrictedShuffles(list.Shuffles, restricted, list.Shuffles.Parts ?? _blocks),
                        _groups
                    )
                ),
            ],
            Scores(spaces, design.Rows.Length - design.Rank)
        );
    }

    /// <inheritdoc/>
    public string? JudgeMissing(MissingSample sample) => IncompleteElements.Judge(_spec, _cohort, sample);

    /// <summary>A row of the fit, for messages.</summary>
    private string Subject(int row) => _cohort.SubjectOf(All.Design.Rows[row]);

    /// <summary>Operations of all shuffles at one element.</summary>
    private double Operations(int rows) => 2.0 * rows * Lists.Sum(list => list.Shuffles.Count * list.Method.Columns);

    private List<TestedSpace> Spaces(WholeCohortDesign design, IEnumerable<int> places) =>
        [
            .. places
                .Where(place => !double.IsNaN(design.Hypotheses.Scales[place]))
                .Select(place => new TestedSpace(design, place, _spec.Method == PermutationSpec.Dekker)),
        ];

    private static IReadOnlyList<NormalScores> Scores(IReadOnlyList<TestedSpace> hypotheses, double residualDegrees) =>
        [.. hypotheses.Select(one => new NormalScores(one.Degrees, residualDegrees, one.IsSigned))];

    /// <summary>The rows of each block within which they are exchanged, for shuffles without missing rows; null: one.</summary>
    private IReadOnlyList<int[]>? BlocksOfRows(WholeCohortDesign design)
    {
        if (!TestsPatterns)
            return null;
        if (_spec.Whole is not null || _spec.Blocks is not null)
            throw new BadInputException(
                "--perm-missing pattern leaves missing subjects out of each shuffle, and then blocks that are exchanged as a whole "
                    + $"({(_spec.Whole is { } whole ? $"whole={whole}" : $"'{_spec.Blocks}'")}) no longer have the same size. Use "
                    + "--perm-missing exclude."
            );
        if (_spec.Within is not { } within)
            return null;
        var numbers = SubjectClusters.Read(_cohort, within, design.Rows, "--exchange within", "block");
        return [.. Enumerable.Range(0, design.Rows.Length).GroupBy(row => numbers[design.Rows[row]]).Select(block => block.ToArray())];
    }

    private int ListOf(int place) => Enumerable.Range(0, Lists.Count).First(list => Lists[list].Places.Contains(place));

    private static WholeCohortDesign Design(LinearEngine linear) =>
        linear.WholeCohort
        ?? throw new BadInputException(
            linear.Design.VariesWithScalars
                ? $"The formula '{linear.Design.Formula}' has the scalar "
                    + $"{string.Join(", ", linear.Design.ScalarPredictors.Select(name => $"'{name}'"))} as a predictor, so every element "
                    + "has a model of its own. Permutation tests need one model for all elements: leave the scalar out, or fit without "
                    + "--permutations."
                : $"The formula '{linear.Design.Formula}' cannot be fitted to all subjects, which permutation tests need."
        );

    private static void Refuse(LinearEngine linear, WholeCohortDesign design, List<TestedSpace> tested)
    {
        if (tested.Count == 0)
            throw new BadInputException(
                linear.Hypotheses.Count > 0
                    ? "No contrast or test of the model can be estimated from these subjects, so --permutations has nothing to test."
                    : "--permutations tests contrasts and F tests, and none was given. Add for example "
                        + $"{Example(linear.Design.ColumnNames)}."
            );
        if (design.Rows.Length <= design.Rank)
            throw new BadInputException(
                $"The model has {CountText.Format(design.Rank, "coefficient")} and {CountText.Format(design.Rows.Length, "subject")}: "
                    + "no residual degrees of freedom are left, which permutation tests need."
            );
    }

    /// <summary>F has no sign, so an alternative would be ignored.</summary>
    private void RefuseSide(List<TestedSpace> tested)
    {
        if (_spec.Alternative is not null && !tested.Exists(one => one.IsSigned))
            throw new BadInputException(
                $"--alternative {_spec.Alternative} tests one side of contrasts, and there are only F tests "
                    + $"({string.Join(", ", tested.Select(one => $"'{one.Name}'"))}), which are one-sided by nature. Omit "
                    + "--alternative, or add a --contrast."
            );
    }

    /// <summary>How much of each test of a list its shuffles leave in place; tests of the mean have a warning of their own.</summary>
    private List<(string Name, double[] Shares)> Shares(List<TestedSpace> tested, TestedHypotheses list)
    {
        var orbits = list.Shuffles.Orbits();
        return
        [
            .. list
                .Places.Select(place => tested[place])
                .Where(one => !_permutedMeans.Contains($"'{one.Name}'"))
                .Select(one => (one.Name, UnmovedDirections.Shares(All.Design, one, orbits))),
        ];
    }

    private static string Example(IReadOnlyList<string> coefficients)
    {
        var name = coefficients.FirstOrDefault(one => one != "(Intercept)") ?? coefficients[0];
        return name == "(Intercept)" ? "--contrast \"mean: (Intercept)\"" : $"--contrast \"effect: {name}\"";
    }

    private void RefuseWithoutShuffles()
    {
        if (_spec.FweOverContrasts && Lists.Count > 1)
            throw new BadInputException(
                "--fwe-over contrasts takes the largest statistic over hypotheses of the same shuffles, and of these some test the mean, "
                    + "by changes of signs, and others are tested by permutations. Test them in separate runs, or choose one for all by "
                    + "--errors."
            );
        if (_spec.Method == PermutationSpec.Dekker)
            foreach (var list in Lists)
            foreach (var hypothesis in list.Method.Design.Hypotheses.Where(one => one.Degrees > 1))
                throw new BadInputException(
                    $"--perm-method dekker shuffles one regressor, and the test '{hypothesis.Space.Name}' has {hypothesis.Degrees}. Use "
                        + "--perm-method freedman-lane, which tests any number."
                );
    }

    private static void RefuseLarge(long shuffles, int hypotheses)
    {
        var most = MaxExtremes / (Shared.Partials.NullExtremes.Signs * sizeof(ulong) * hypotheses);
        if (shuffles > most)
            throw new BadInputException(
                $"{shuffles:N0} permutations of {CountText.Format(hypotheses, "test")} have more maxima than a block of a partial file "
                    + $"holds, which has place for {most:N0} permutations. Ask for fewer"
                    + (hypotheses > 1 ? ", or test fewer hypotheses in one run." : ".")
            );
    }

    /// <summary>What was decided about the shuffles.</summary>
    private IEnumerable<string> Notes()
    {
        if (VarianceGroups.OfEmptyTexts(_spec, _cohort, All.Design) is { } emptyTexts)
            yield return emptyTexts;
        foreach (var note in Lists.SelectMany(list => list.Shuffles.Notes).Distinct())
            yield return note;
        if (TestsPatterns && Lists[0].Shuffles.FindRowsKeptTogether() is { } together)
            yield return $"The shuffles of '{_spec.File}' exchange blocks of rows as a whole: subject {Subject(together.Row)} stays "
                + $"together with {Subject(together.Other)}. Blocks do not stay together at elements where only some of their rows are "
                + "missing. Use --perm-missing exclude, or leave such blocks out (--subset).";
        if (_permutedMeans.Length > 0)
            yield return $"{string.Join(", ", _permutedMeans)} {(_permutedMeans.Length == 1 ? "tests" : "test")} the mean, which permuting "
                + "subjects (--errors ee) does not change, so that p-values by permutation do not depend on it. Use --errors ise, which "
                + "flips signs, or omit --errors.";
        var tested = Spaces(All.Design, _tested);
        foreach (var list in Lists)
        {
            foreach (var warning in UnmovedTests.Warnings(_spec, Shares(tested, list)))
                yield return warning;
            var names = string.Join(", ", list.Places.Select(place => $"'{Hypotheses[place].Name}'"));
            if (_spec.Errors is null && list.Errors == PermutationSpec.Symmetric)
                yield return $"{names} {(list.Places.Count == 1 ? "tests" : "test")} the mean, which permuting subjects does not change: "
                    + "signs are flipped instead (--errors ise), which assumes symmetric errors.";
            if (list.Shuffles.IsExhaustive && list.Shuffles.Count < _spec.Count)
                yield return $"Only {list.Shuffles.Count:N0} shuffles are possible for {names}: all are used, so the p-values are exact.";
        }
    }
}
