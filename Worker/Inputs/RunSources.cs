using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Inputs;

/// <summary>
/// The sources of a model's values: the scalars of one or several files, and the cohort whose rows are the model's subjects.
/// </summary>
internal sealed class RunSources
{
    private readonly SubjectSources _sources;
    private readonly int _cohortSubjects;
    private readonly int _undecidedSubjects;

    private RunSources(RunSpec spec, ScalarCatalogue scalars, ScalarMatrix response, CohortTable cohort, SubjectSources sources)
    {
        (Scalars, Response, _cohortSubjects) = (scalars, response, cohort.Rows);
        var subset = CohortSubset.Create(spec.Model.Subset, cohort, scalars.Names);
        (SelectedSubjects, _undecidedSubjects) = (subset.Rows.Length, subset.Undecided);
        // A formula's functions are evaluated before its subset is taken, as in R; a user's function gets the subset only.
        var takes = spec.Model.Formula.Length == 0 && !subset.IsAll;
        (Cohort, _sources) = takes ? (cohort.Take(subset.Rows), sources.Take(subset.Rows)) : (cohort, sources);
    }

    /// <summary>The scalars.</summary>
    public ScalarCatalogue Scalars { get; }

    /// <summary>The scalar that is fitted. It determines the model's elements, stripes and order of subjects.</summary>
    public ScalarMatrix Response { get; }

    /// <summary>
    /// One row per subject of the model, derived columns included. A formula's model selects its subset from these rows; those of other
    /// models are the subset.
    /// </summary>
    public CohortTable Cohort { get; }

    /// <summary>The number of subjects in the subset: those of the cohort without a condition.</summary>
    public int SelectedSubjects { get; }

    /// <summary>An engine's description of its subjects and variables, with the subjects that it did not get.</summary>
    public ModelFrame Complete(ModelFrame frame) =>
        frame with
        {
            SubjectsInFile = Response.SourceNames.Count,
            SubjectsInCohort = _cohortSubjects,
            Undecided = _undecidedSubjects,
        };

    /// <summary>The sources of the subjects in a scalar that has a column of its own for them; null: <c>source_file</c>.</summary>
    public IReadOnlyList<string>? OwnSources(string scalar) => _sources.OfScalar.GetValueOrDefault(scalar);

    /// <summary>Warnings about the files.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Opens the files, reads the cohorts and joins them.</summary>
    /// <exception cref="BadInputException">Something cannot be used; the message names it.</exception>
    public static RunSources Open(RunSpec spec)
    {
        // By name, not as given: the order of columns must not depend on the file for the results.
        var files = spec
            .Data.OrderBy(data => data.Name, StringComparer.Ordinal)
            .Select(data => ModelArrayFile.Open(data.Path, spec.AllowExternal))
            .ToList();
        var scalars = new ScalarCatalogue(files);
        var response = ResponseScalar.Find(spec.Model, scalars);
        SpecChecks.Elements(spec.Elements, response);
        return spec.Data.Count == 1 ? OfOne(spec, scalars, response) : Joined(spec, scalars, response);
    }

    /// <summary>Opens a model's scalars for reading in the response's stripes.</summary>
    /// <param name="names">The scalars.</param>
    /// <param name="pool">Opens the scalars, and disposes of them.</param>
    /// <param name="stripeMemory">Inflated bytes one stripe may take.</param>
    public List<ScalarInput> OpenInputs(IEnumerable<string> names, ScalarPool pool, long stripeMemory = StripePlan.DefaultStripeMemory)
    {
        var plan = StripePlan.For(Response, stripeMemory);
        return
        [
            .. names.Select(name =>
            {
                var file = Scalars.FileOf(name);
                var sources = OwnSources(name) ?? _sources.OfFile[file.Path];
                return ScalarInput.Open(file, file.Scalar(name), Response, sources, plan, stripeMemory, pool);
            }),
        ];
    }

    private static RunSources OfOne(RunSpec spec, ScalarCatalogue scalars, ScalarMatrix response)
    {
        var warnings = new List<string>();
        var own = SourceColumns.Find(Table(spec.Data[0], spec.Cohort), spec.Cohort.SourceColumn, scalars.Files[0], response.Name);
        warnings.AddRange(own.Warnings);
        var cohort = DerivedColumns.Add(own.Table, spec.Cohort.DerivedColumns, warnings);
        cohort = SourceMatching.InFileOrder(cohort, response.SourceNames, response.Name, spec.Cohort.MayOmitSubjects);
        var ofFile = new Dictionary<string, IReadOnlyList<string>> { [scalars.Files[0].Path] = SourceMatching.Names(cohort) };
        return OfSubjects(spec, scalars, response, cohort, ofFile, own.Scalars, warnings);
    }

    private static RunSources Joined(RunSpec spec, ScalarCatalogue scalars, ScalarMatrix response)
    {
        if (spec.Cohort.MergeOn.Count == 0)
            throw new BadInputException(
                "Several data files were given, and nothing relates the rows of their cohorts. Name the column that they share: "
                    + "--merge-on subject_id."
            );
        var leading = spec.Data.First(data => data.Path == scalars.FileOf(response.Name).Path);
        var owns = spec.Data.ToDictionary(
            data => data.Name,
            data =>
                SourceColumns.Find(
                    Table(data, spec.Cohort),
                    spec.Cohort.SourceColumn,
                    scalars.Files.Single(file => file.Path == data.Path),
                    data == leading ? response.Name : null
                )
        );
        var parts = spec.Data.Select(data => Part(data, spec, owns[data.Name].Table, data == leading ? response : null)).ToList();
        var joined = CohortJoin.Inner(parts, spec.Cohort.MergeOn, leading.Name);
        var warnings = owns
            .Values.SelectMany(own => own.Warnings)
            .Concat(Dropped(parts, joined))
            .Concat(ElementTables(scalars.Files))
            .ToList();
        var cohort = DerivedColumns.Add(joined.Table, spec.Cohort.DerivedColumns, warnings);
        var ofFile = spec.Data.ToDictionary(data => data.Path, data => joined.SourcesOf[data.Name]);
        return OfSubjects(spec, scalars, response, cohort, ofFile, [.. owns.Values.SelectMany(own => own.Scalars)], warnings);
    }

    /// <summary>The sources of the subjects that have one in every scalar of the model.</summary>
    private static RunSources OfSubjects(
        RunSpec spec,
        ScalarCatalogue scalars,
        ScalarMatrix response,
        CohortTable cohort,
        IReadOnlyDictionary<string, IReadOnlyList<string>> ofFile,
        IReadOnlyList<string> ownColumns,
        List<string> warnings
    )
    {
        IReadOnlyList<string> others = [.. ownColumns.Where(name => name != response.Name)];
        var used = UsedScalars.Find(spec.Model, scalars.Names, response.Name);
        var (rows, omitted) = SourceColumns.RowsWithEvery(cohort, [.. others.Where(used.Contains)]);
        return new(spec, scalars, response, cohort.Take(rows).Without(ownColumns), SubjectSources.Create(ofFile, cohort, others).Take(rows))
        {
            Warnings = [.. warnings, .. omitted],
        };
    }

    private static CohortTable Table(DataSource data, CohortSpec cohort) =>
        CohortTable.Read(data.Phenotypes, cohort.CheckNames, MissingText.With(cohort.NaStrings));

    private static CohortPart Part(DataSource data, RunSpec spec, CohortTable table, ScalarMatrix? response) =>
        new(
            data.Name,
            response is null ? table : SourceMatching.InFileOrder(table, response.SourceNames, response.Name, spec.Cohort.MayOmitSubjects)
        );

    private static IEnumerable<string> Dropped(IEnumerable<CohortPart> parts, JoinedCohort joined) =>
        parts
            .Where(part => part.Table.Rows > joined.Table.Rows)
            .Select(part =>
                $"{part.Table.Rows - joined.Table.Rows} of {part.Table.Rows} subjects of '{part.Name}' are not in every cohort and "
                + "are omitted."
            );

    private static IEnumerable<string> ElementTables(IReadOnlyList<ModelArrayFile> files)
    {
        var first = files[0].ElementTables.Select(table => (table.Name, table.Length)).ToHashSet();
        return files
            .Skip(1)
            .Where(file => !first.SetEquals(file.ElementTables.Select(table => (table.Name, table.Length))))
            .Select(file =>
                $"'{file.Path}' and '{files[0].Path}' have different element tables: check that their elements are the same locations."
            );
    }
}
