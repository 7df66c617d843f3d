using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>The data files and their cohorts: one of each, or several by name, joined by columns that identify subjects.</summary>
internal sealed class DataOptions
{
    private const string Output = "--output"; // of TargetOptions; relevant here if there are several files

    private const string OfFile = "file";
    private const string OfCohort = "cohort";

    private readonly Option<string[]> _data = Named(
        "--data",
        "the HDF5 file in the ModelArray layout; for several files, repeat as NAME=FILE"
    );
    private readonly Option<string[]> _phenotypes = Named(
        "--phenotypes",
        "the cohort table, CSV, TSV or typed JSON, with a column source_file; for several files, one per name: NAME=FILE"
    );
    private readonly Option<string?> _mergeOn = ListOption.Create(
        "--merge-on",
        "several files: the columns that identify subjects in every cohort, such as subject_id"
    );
    private readonly Option<string?> _sourceColumn = TextOption.Optional(
        "--source-column",
        TextOption.Name,
        "the cohort's column of source names (default: source_file, or in a wide cohort the column with the scalar's name)"
    );
    private readonly Option<string> _subjects = ChoiceOption.Create(
        "--subjects",
        "file: the cohort must have all subjects of the file; cohort: it may have fewer, the others are not used (default: file)",
        OfFile,
        [OfFile, OfCohort]
    );
    private readonly Option<string?> _into = TextOption.Optional(
        "--into",
        TextOption.Name,
        "several files: the name of the file that receives the results (or use --output)"
    );

    /// <summary>All options.</summary>
    public IReadOnlyList<Option> Options => [.. Sources, _into];

    /// <summary>The options that specify the input.</summary>
    public IReadOnlyList<Option> Sources => [_data, _phenotypes, _sourceColumn, _subjects, _mergeOn];

    /// <summary>The columns that identify subjects; none with one file.</summary>
    public IReadOnlyList<string> MergeOn(ParseResult line) => ListOption.Parse(line.GetValue(_mergeOn)) ?? [];

    /// <summary>The column of the source names; null: the default.</summary>
    public string? SourceColumn(ParseResult line) => line.GetValue(_sourceColumn);

    /// <summary>Whether the cohort may have fewer subjects than the file.</summary>
    public bool MayOmitSubjects(ParseResult line) => line.GetValue(_subjects) == OfCohort;

    /// <summary>The data files, starting with the one that receives the results.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="hasTarget">Whether the verb writes results, so that with several files the target must be specified.</param>
    /// <exception cref="UsageException">Names are missing, repeated, or do not match.</exception>
    public IReadOnlyList<DataSource> Read(ParseResult line, bool hasTarget = true)
    {
        var (files, tables) = (line.GetRequiredValue(_data), line.GetRequiredValue(_phenotypes));
        return files.Length == 1
            ? [One(line, files[0], tables)]
            : Several(ByName(_data, files), ByName(_phenotypes, tables), MergeOn(line), hasTarget ? Into(line, files) : null);
    }

    private DataSource One(ParseResult line, string file, string[] tables)
    {
        if (tables.Length != 1)
            throw new UsageException($"{_phenotypes.Name} is given {CountText.Format(tables.Length, "time")} for one {_data.Name}.");
        foreach (var option in (Option<string?>[])[_mergeOn, _into])
        {
            if (line.GetValue(option) is not null)
                throw new UsageException(
                    $"{option.Name} is for several data files, but there is only one. Omit it, or add files: {_data.Name} name=file."
                );
        }
        return new(Full(_data.Name, Named(file)?.File ?? file), Full(_phenotypes.Name, Named(tables[0])?.File ?? tables[0]));
    }

    private List<DataSource> Several(
        Dictionary<string, string> files,
        Dictionary<string, string> tables,
        IReadOnlyList<string> mergeOn,
        string? into
    )
    {
        if (files.Keys.Except(tables.Keys).Concat(tables.Keys.Except(files.Keys)).FirstOrDefault() is { } odd)
            throw new UsageException(
                $"'{odd}' is given as {(files.ContainsKey(odd) ? _data.Name : _phenotypes.Name)} only. Every name needs both: "
                    + $"{_data.Name} {odd}=file {_phenotypes.Name} {odd}=table."
            );
        if (mergeOn.Count == 0)
            throw new UsageException(
                $"{_mergeOn.Name} is missing: it names the columns that identify subjects in the cohorts, such as "
                    + $"{_mergeOn.Name} subject_id."
            );
        if (into is not null && !files.ContainsKey(into))
            throw new UsageException($"{_into.Name} is '{into}'. {NearestNames.Hint(into, files.Keys)}");
        return
        [
            .. files
                .Keys.OrderBy(name => name != into)
                .Select(name => new DataSource(Full(_data.Name, files[name]), Full(_phenotypes.Name, tables[name]), name)),
        ];
    }

    /// <summary>The name of the file that receives the results; null: a new file.</summary>
    private string? Into(ParseResult line, string[] files)
    {
        var (into, output) = (line.GetValue(_into), line.GetValue<string?>(Output));
        return (into is null) != (output is null)
            ? into
            : throw new UsageException(
                $"The target of the results is not specified. Use {_into.Name} with the name of a data file "
                    + $"({string.Join(", ", files)}), or {Output} with "
                    + "a new file."
            );
    }

    /// <summary>The absolute path of a file.</summary>
    private static string Full(string option, string file) =>
        Directory.Exists(file)
            ? throw new BadInputException(
                $"{option} is '{file}', which is a folder; {(option == "--data" ? "an HDF5 file" : "a CSV or TSV file")} was expected."
            )
            : Path.GetFullPath(file);

    private static Dictionary<string, string> ByName(Option<string[]> option, string[] values)
    {
        var byName = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            var (name, file) =
                Named(value)
                ?? throw new UsageException(
                    $"{option.Name} '{value}' has no name. Several files are distinguished by names: {option.Name} thickness={value}."
                );
            if (!byName.TryAdd(name, file))
                throw new UsageException($"{option.Name} is given twice for '{name}'.");
        }
        return byName;
    }

    private static Option<string[]> Named(string name, string description)
    {
        var option = new Option<string[]>(name)
        {
            Description = description,
            HelpName = TextOption.File,
            Required = true,
        };
        return TextOption.Checked(option, check: null);
    }

    /// <summary>Name and file of <c>name=file</c>; null if the text is the name of an existing file or has no such prefix.</summary>
    private static (string Name, string File)? Named(string value)
    {
        var at = value.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && !File.Exists(value) && value[..at].All(ch => char.IsLetterOrDigit(ch) || ch is '_' or '-' or '.')
            ? (value[..at], value[(at + 1)..])
            : null;
    }
}
