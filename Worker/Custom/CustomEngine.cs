using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Custom;

/// <summary>Calls a user's function at every element, like ModelArray.wrap, in one interpreter process per thread.</summary>
internal sealed class CustomEngine : IRunsUserCode, IDisposable
{
    private readonly FunctionCall _call;
    private readonly Interpreters _interpreters;
    private readonly double _threshold;
    private readonly ResultLayout? _layout;

    private CustomEngine(
        FunctionCall call,
        IReadOnlyList<string> scalars,
        double threshold,
        Interpreters interpreters,
        UserCodeJournal journal,
        ResultLayout? layout
    )
    {
        (_call, Scalars, _threshold, _interpreters, Journal, _layout) = (call, scalars, threshold, interpreters, journal, layout);
    }

    /// <inheritdoc/>
    public ResultLayout Layout =>
        _layout ?? throw new InvalidOperationException("The columns of a custom model are learned before it is fitted.");

    /// <inheritdoc/>
    public IReadOnlyList<string> Scalars { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> CohortColumns => [.. _call.Cohort.Columns.Select(column => column.Name)];

    /// <inheritdoc/>
    public ModelFrame Frame => DataSummary.CreateFrame(_call.Cohort, _call.Scalars);

    /// <summary>
    /// Columns that R reads as text because of a few cells are only reported, since it is unknown which columns the function uses.
    /// </summary>
    public IReadOnlyList<string> Warnings =>
        [
            .. _call
                .Cohort.Columns.Where(column => column.Name != CohortTable.SourceFile)
                .Select(column => NearlyNumericColumn.Find(_call.Cohort, column.Name))
                .OfType<NearlyNumericColumn>()
                .Select(column => column.AsError().Message),
        ];

    /// <inheritdoc/>
    public int NumericVersion => 1;

    /// <inheritdoc/>
    public UserCodeJournal Journal { get; }

    /// <inheritdoc/>
    public string FunctionDigest => _call.File.Digest;

    /// <inheritdoc/>
    public string FunctionRuntime => _interpreters.Runtime;

    /// <summary>The values that an interpreter must return at every element: the result columns, or one value per source file.</summary>
    public IReadOnlyList<string> AnswerColumns => _call.Spec.WriteScalar is null ? Layout.PartialColumns : Sources;

    /// <inheritdoc/>
    public void CancelAfter(TimeSpan grace) => _interpreters.GiveUpAfter(grace);

    /// <summary>Whether NaN in a result is reported: a new scalar has NaN for the subjects missing at an element, which is
    /// expected.</summary>
    public bool ReportsNaN => _call.Spec.WriteScalar is null;

    private IReadOnlyList<string> Sources => [.. SourceMatching.Names(_call.Cohort)];

    /// <summary>Checks a function against a cohort and a file, and starts the first interpreter.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cohortInFileOrder">The cohort, row i belonging to the response scalar's source i.</param>
    /// <param name="scalarsOfFile">The names of the scalars in the file.</param>
    /// <param name="responseScalar">The scalar that defines the model's subjects and elements.</param>
    /// <exception cref="BadInputException">The function, a scalar or a column cannot be used.</exception>
    public static CustomEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar
    )
    {
        var spec = model.Custom ?? throw new BadInputException("A custom model needs a function: --function FILE.");
        var attached = Attached(spec, cohortInFileOrder, scalarsOfFile, responseScalar);
        var call = new FunctionCall(spec, FunctionFile.Read(spec.Function), cohortInFileOrder, attached);
        var threshold = model.SubjectThreshold(cohortInFileOrder.Rows);
        var journal = new UserCodeJournal();
        IReadOnlyList<string> responseFirst = [responseScalar, .. attached.Where(name => name != responseScalar)];
        return new(call, responseFirst, threshold, new(call, journal), journal, layout: null);
    }

    /// <inheritdoc/>
    public IModelEngine With(ResultLayout layout) => new CustomEngine(_call, Scalars, _threshold, _interpreters, Journal, layout);

    /// <inheritdoc/>
    public IModelEngine Learn(IEnumerable<ScalarBlock> elements)
    {
        var answer = new FunctionSetup(_interpreters, CreateBatch()).Among(elements);
        return With(_call.Spec.WriteScalar is { } scalar ? OneValuePerSource(scalar) : OneValuePerColumn(answer.Names));
    }

    /// <summary>Calls the function at one element and reports its result and the time that <paramref name="elements"/> elements would
    /// take.</summary>
    public IEnumerable<string> Try(ElementBatch batch, long elements) => new TrialCall(this, _interpreters).Lines(batch, elements);

    /// <inheritdoc/>
    public IBlockFitter CreateFitter() => new CustomFitter(this, _interpreters);

    /// <summary>Creates a workspace for elements to send to an interpreter.</summary>
    public ElementBatch CreateBatch() =>
        new(_call.Spec, [.. _call.Scalars.Select(name => Scalars.ToList().IndexOf(name))], _call.Cohort.Rows, _threshold);

    /// <inheritdoc/>
    public void Dispose() => _interpreters.Dispose();

    private static IReadOnlyList<string> Attached(CustomSpec spec, CohortTable cohort, IReadOnlyList<string> scalarsOfFile, string response)
    {
        // The scalar that an earlier run of this function wrote is not an input.
        var attached = spec.Scalars ?? [.. scalarsOfFile.Where(name => name != spec.WriteScalar)];
        foreach (var name in attached)
        {
            if (!scalarsOfFile.Contains(name))
                throw new BadInputException($"--scalars names '{name}', which does not exist. {NearestNames.Hint(name, scalarsOfFile)}");
        }
        SpecChecks.ColumnNames(attached, cohort);
        if (attached.Distinct(StringComparer.Ordinal).Count() < attached.Count)
            throw new BadInputException($"--scalars names a scalar twice: {string.Join(", ", attached)}.");
        return attached.Contains(response)
            ? attached
            : throw new BadInputException(
                $"--scalar is '{response}', which is not among --scalars {string.Join(",", attached)}. Add it there."
            );
    }

    private ResultLayout OneValuePerSource(string scalar) =>
        new([], [new("element_id", ResultSource.ElementId)])
        {
            Blocks = [new(BlockDestination.Scalar, scalar, _call.Cohort.Rows, Scalars[0], Sources)],
        };

    private static ResultLayout OneValuePerColumn(IReadOnlyList<string> names) =>
        names.Contains("element_id")
            ? throw new BadInputException("The function returns a column 'element_id', which the results already have. Rename it.")
            : new(
                names,
                [
                    new("element_id", ResultSource.ElementId),
                    .. names.Select((name, column) => new ResultColumn(name, ResultSource.Partial, column)),
                ]
            );
}
