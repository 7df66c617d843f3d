using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// The sources of a model's values: the scalars of one or several files, and the cohort whose rows are the model's subjects.
/// </summary>
internal sealed class RunSources
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _sourcesOfFile;

    private RunSources(
        ScalarCatalogue scalars,
        ScalarMatrix response,
        CohortTable cohort,
        IReadOnlyDictionary<string, IReadOnlyList<string>> sourcesOfFile
    )
    {
        (Scalars, Response, Cohort, _sourcesOfFile) = (scalars, response, cohort, sourcesOfFile);
    }

    /// <summary>The scalars.</summary>
    public ScalarCatalogue Scalars { get; }

    /// <summary>The scalar that is fitted. It determines the model's elements, stripes and order of subjects.</summary>
    public ScalarMatrix Response { get; }

    /// <summary>One row per subject of the model, derived columns included.</summary>
    public CohortTable Cohort { get; }

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
                return ScalarInput.Open(file, file.Scalar(name), Response, _sourcesOfFile[file.Path], plan, stripeMemory, pool);
            }),
        ];
    }

    private static RunSources OfOne(RunSpec spec, ScalarCatalogue scalars, ScalarMatrix response)
    {
        var warnings = new List<string>();
        var cohort = DerivedColumns.Add(Table(spec.Data[0], spec.Cohort), spec.Cohort.DerivedColumns, warnings);
        cohort = SourceMatching.InFileOrder(cohort, response.SourceNames, response.Name);
        return new(
            scalars,
            response,
            cohort,
            new Dictionary<string, IReadOnlyList<string>> { [scalars.Files[0].Path] = response.SourceNames }
        )
        {
            Warnings = warnings,
        };
    }

    private static RunSources Joined(RunSpec spec, ScalarCatalogue scalars, ScalarMatrix response)
    {
        if (spec.Cohort.MergeOn.Count == 0)
            throw new BadInputException(
                "Several data files were given, and nothing relates the rows of their cohorts. Name the column that they share: "
                    + "--merge-on subject_id."
            );
        var leading = spec.Data.First(data => data.Path == scalars.FileOf(response.Name).Path);
        var parts = spec.Data.Select(data => Part(data, spec, data == leading ? response : null)).ToList();
        var joined = CohortJoin.Inner(parts, spec.Cohort.MergeOn, leading.Name);
        var sources = spec.Data.ToDictionary(data => data.Path, data => joined.SourcesOf[data.Name]);
        var warnings = Dropped(parts, joined).Concat(ElementTables(scalars.Files)).ToList();
        return new(scalars, response, DerivedColumns.Add(joined.Table, spec.Cohort.DerivedColumns, warnings), sources)
        {
            Warnings = warnings,
        };
    }

    private static CohortTable Table(DataSource data, CohortSpec cohort) =>
        CohortTable.Read(data.Phenotypes, cohort.CheckNames, MissingText.With(cohort.NaStrings));

    private static CohortPart Part(DataSource data, RunSpec spec, ScalarMatrix? response)
    {
        var table = Table(data, spec.Cohort);
        return new(data.Name, response is null ? table : SourceMatching.InFileOrder(table, response.SourceNames, response.Name));
    }

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
