using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>The target of the results.</summary>
internal sealed class TargetOptions
{
    /// <summary>The option that names the results.</summary>
    public const string AnalysisName = "--analysis";

    /// <summary>The option that writes all elements.</summary>
    public const string FullLengthName = "--full-length";

    private readonly Option<string> _analysis = TextOption.Required(
        AnalysisName,
        TextOption.Name,
        "the name of the results: /results/NAME",
        text => ResultName.Refuse(AnalysisName, text)
    );
    private readonly Option<string?> _output = TextOption.Optional(
        "--output",
        TextOption.File,
        "a new HDF5 file for the results (default: into the data file)"
    );
    private readonly Option<bool> _overwrite = SwitchOption.Create("--overwrite", "replace existing results of that name");
    private readonly Option<bool> _fullLength = SwitchOption.Create(
        FullLengthName,
        "write all elements of the file, with NaN outside the subset"
    );

    private readonly Option<bool> _report = SwitchOption.Create(
        "--report",
        "write a report of the results next to their file, as 'hpcfit report' does"
    );

    private readonly Option<string?> _maxJournal = TextOption.Optional(
        "--max-journal",
        "SIZE",
        "maximum size of the undo journal of a write into the data file: 500M, 4G (default: 1G)",
        text => ByteCountText.Parse("--max-journal", text)
    );

    /// <summary>Adds all options to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="isNew">Whether the verb starts a run, so that the results need a name; otherwise the options override what the run
    /// directory records.</param>
    public void AddTo(Command command, bool isNew)
    {
        _analysis.Required = isNew;
        foreach (var option in (Option[])[_analysis, _output, _overwrite, _fullLength, _report, _maxJournal])
            command.Options.Add(option);
    }

    /// <summary>The target of a new run.</summary>
    public OutputTarget Read(ParseResult line) => Override(new() { Analysis = line.GetRequiredValue(_analysis) }, line);

    /// <summary>The targets that a run directory records for its members, with the given options.</summary>
    /// <exception cref="UsageException">Neither contains the name of an analysis.</exception>
    public IReadOnlyList<OutputTarget> Read(ParseResult line, RunDirectory run)
    {
        var members = run.Members();
        if (members.Count > 1 && line.GetValue(_analysis) is { } one)
            throw new UsageException(
                $"{AnalysisName} '{one}' cannot name the results of {members.Count} models; '{run.Root}' records a name for each. Omit it."
            );
        return [.. members.Select(member => Override(member.ReadTarget() ?? New(line, member), line))];
    }

    private OutputTarget New(ParseResult line, RunDirectory run) =>
        new()
        {
            Analysis =
                line.GetValue(_analysis)
                ?? throw new UsageException($"'{run.Root}' does not record where its results go. Add {AnalysisName}."),
        };

    private OutputTarget Override(OutputTarget target, ParseResult line) =>
        target with
        {
            Analysis = line.GetValue(_analysis) ?? target.Analysis,
            OutputFile = line.GetValue(_output) is { } file ? Path.GetFullPath(file) : target.OutputFile,
            Overwrite = line.GetValue(_overwrite) || target.Overwrite,
            MaxJournalBytes = line.GetValue(_maxJournal) is { } bytes
                ? ByteCountText.Parse(_maxJournal.Name, bytes)
                : target.MaxJournalBytes,
            FullLength = line.GetValue(_fullLength) || target.FullLength,
            Report = line.GetValue(_report) || target.Report,
        };
}
