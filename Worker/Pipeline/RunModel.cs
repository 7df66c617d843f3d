using HpcFit.Shared.Claims;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Inputs;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// A run's model, checked against its files and ready to be fitted: the engine, its scalars, and all inputs that affect the results.
/// </summary>
internal sealed class RunModel : IDisposable
{
    private ScalarPool? _ownPool;

    private RunModel(RunSpec spec, IModelEngine engine, IReadOnlyList<ScalarInput> scalars, RunInputs inputs)
    {
        (Spec, Engine, Scalars, Inputs) = (spec, engine, scalars, inputs);
    }

    /// <summary>The spec of the run.</summary>
    public RunSpec Spec { get; }

    /// <summary>The engine.</summary>
    public IModelEngine Engine { get; }

    /// <summary>The scalars, in the order of <see cref="IModelEngine.Scalars"/>: the response is the first.</summary>
    public IReadOnlyList<ScalarInput> Scalars { get; }

    /// <summary>The inputs that affect the results, as they are in the files now.</summary>
    public RunInputs Inputs { get; }

    /// <summary>Warnings about the files, the model and this cohort. Computed at each call.</summary>
    public IReadOnlyList<string> Warnings => [.. FileWarnings, .. Engine.Warnings];

    private IReadOnlyList<string> FileWarnings { get; init; } = [];

    /// <summary>The subjects and variables as the model understands them.</summary>
    public required ModelFrame Frame { get; init; }

    /// <summary>The source of each of the model's subjects.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The subjects that the model can use.</summary>
    public required RunSubjects Subjects { get; init; }

    /// <summary>The input files as they were before anything was read from them.</summary>
    public IReadOnlyList<FileFacts> Files { get; private init; } = [];

    /// <summary>The stripes in which all scalars are read.</summary>
    public StripePlan Stripes => Scalars[0].Source.Plan;

    /// <summary>The elements of the run.</summary>
    public ElementSet Elements => Spec.Elements.Count == 0 ? ElementSet.From(0, Inputs.TotalElements) : ElementSet.From(Spec.Elements);

    /// <summary>Reads the files' metadata and the cohort, and creates the engine.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="engines">Creates the engine.</param>
    /// <param name="counters">Counts what is read.</param>
    /// <param name="layout">The columns of a user's function that a probe has found; null: call the function to find them.</param>
    /// <param name="runtime">The interpreter of a user's function; null: start it and ask for its version.</param>
    /// <exception cref="BadInputException">Something in the spec, the cohort or the file cannot be used; the message names it.</exception>
    /// <exception cref="BusyException">The file is being written.</exception>
    public static RunModel Open(
        RunSpec spec,
        EngineFactory engines,
        ReadCounters counters,
        ResultLayout? layout = null,
        string? runtime = null
    ) =>
        BetweenWrites(
            spec.Data,
            () =>
            {
                var pool = new ScalarPool(counters);
                try
                {
                    var model = OpenNow(spec, engines, pool, layout, runtime);
                    model._ownPool = pool;
                    return model;
                }
                catch
                {
                    pool.Dispose();
                    throw;
                }
            }
        );

    /// <summary>
    /// Opens what reads metadata of data files. Another run may write its results into a file at any time; existing chunks are not moved,
    /// so only reading metadata has to wait.
    /// </summary>
    internal static T BetweenWrites<T>(IEnumerable<DataSource> data, Func<T> open)
        where T : class
    {
        var paths = data.Select(source => source.Path).Distinct(StringComparer.Ordinal).ToList();
        foreach (var path in paths)
            RegularFile.OpenRead(path, "an HDF5 file").Dispose();
        return paths.Aggregate(open, (opening, path) => () => UndoJournal.ReadBetweenWrites(path, UndoJournal.Patience, opening))();
    }

    /// <summary>Opens a model within <see cref="BetweenWrites"/>.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="engines">Creates the engine.</param>
    /// <param name="pool">Opens the scalars; it outlives the model.</param>
    /// <param name="layout">The columns of a user's function that a probe has found; null: call the function to find them.</param>
    /// <param name="runtime">The interpreter of a user's function; null: start it and ask for its version.</param>
    /// <exception cref="BadInputException">Something in the spec, the cohort or the file cannot be used; the message names it.</exception>
    internal static RunModel OpenNow(RunSpec spec, EngineFactory engines, ScalarPool pool, ResultLayout? layout, string? runtime)
    {
        var files = FilesOf(spec).Select(FileFacts.Find).OfType<FileFacts>().ToList();
        var sources = RunSources.Open(spec);
        SpecChecks.Thresholds(spec.Model, sources.SelectedSubjects);
        var engine = engines(spec.Model, sources.Cohort, sources.Scalars.Names, sources.Response.Name);
        try
        {
            SpecChecks.ColumnNames(engine.Scalars, sources.Cohort);
            files.AddRange(
                engine
                    .Scalars.SelectMany(name => sources.Scalars.Scalar(name).Storage.Files)
                    .Distinct()
                    .Select(RefuseWhileWritten)
                    .Select(FileFacts.Read)
            );
            var scalars = sources.OpenInputs(engine.Scalars, pool, spec.StripeMemory ?? StripePlan.DefaultStripeMemory);
            var fingerprints = scalars.Select(scalar => pool.Fingerprint(scalar.Source)).ToList();
            var inputs = new RunInputs
            {
                NumericVersion = engine.NumericVersion,
                TotalElements = sources.Response.Elements,
                Scalars = fingerprints,
                CohortDigest = CohortHash(sources, engine),
                NeighboursDigest = NeighbourDigest.Compute(spec),
                ShufflesDigest = ShuffleDigest.Compute(spec, sources.Cohort),
                FunctionDigest = (engine as IRunsUserCode)?.FunctionDigest ?? "",
                FunctionRuntime = runtime ?? (engine as IRunsUserCode)?.FunctionRuntime ?? "",
            };
            if (engine is IRunsUserCode user)
                engine = layout is null ? user.Learn(PilotOrder.Elements(scalars)) : user.With(layout);
            return new(spec, engine, scalars, inputs)
            {
                FileWarnings = sources.Warnings,
                Files = files,
                Sources = SourceMatching.Names(sources.Cohort),
                Subjects = SubjectsOf(sources.Cohort, engine),
                Frame = sources.Complete(engine.Frame),
            };
        }
        catch
        {
            (engine as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (Engine as IDisposable)?.Dispose();
        _ownPool?.Dispose();
    }

    /// <summary>The files that the spec names.</summary>
    private static IEnumerable<string> FilesOf(RunSpec spec) =>
        spec
            .Data.SelectMany(data => (string[])[data.Path, data.Phenotypes])
            .Concat(spec.Model.Custom is { } custom ? [custom.Function] : [])
            .Concat(NeighbourDigest.Files(spec))
            .Concat(ShuffleDigest.Files(spec));

    /// <summary>A file of stored values, refused while this program is writing it.</summary>
    private static string RefuseWhileWritten(string file)
    {
        UndoJournal.RefuseIfPresent(file);
        return file;
    }

    private static RunSubjects SubjectsOf(CohortTable cohort, IModelEngine engine) =>
        RunSubjects.From(SourceMatching.Names(cohort), engine.CompleteRows ?? [.. Enumerable.Range(0, cohort.Rows)]);

    private static string CohortHash(RunSources sources, IModelEngine engine)
    {
        var hash = new CanonicalHash();
        foreach (var scalar in engine.Scalars)
            if (sources.OwnSources(scalar) is { } own)
                hash.Add("scalar", scalar).Add("sources", own);
        foreach (
            var name in engine.CohortColumns.Append(CohortTable.SourceFile).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        )
            hash.Add("column", sources.Cohort.Get(name).ToCanonicalBytes());
        return hash.Finish();
    }
}
