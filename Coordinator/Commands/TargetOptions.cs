using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Commands;

/// <summary>Where the results go.</summary>
internal sealed class TargetOptions
{
    private readonly Option<string> _analysis = TextOption.Required(
        "--analysis",
        TextOption.Name,
        "the results' name: /results/NAME",
        text => ResultName.Refuse("--analysis", text)
    );
    private readonly Option<string?> _output = TextOption.Optional(
        "--output",
        TextOption.File,
        "a new HDF5 file for the results (default: into the data file)"
    );
    private readonly Option<bool> _overwrite = SwitchOption.Create("--overwrite", "replace what is there under that name");
    private readonly Option<bool> _fullLength = SwitchOption.Create(
        "--full-length",
        "write all elements of the file, NaN outside the subset"
    );

    private readonly Option<string?> _maxJournal = TextOption.Optional(
        "--max-journal",
        "SIZE",
        "the most that undoing a write into the data file may need beside it: 500M, 4G (default: 1G)",
        text => ByteCountText.Parse("--max-journal", text)
    );

    /// <summary>Adds all of them to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="isNew">Whether it makes a run, so that the results must be named; else they override what the run directory
    /// says.</param>
    public void AddTo(Command command, bool isNew)
    {
        _analysis.Required = isNew;
        foreach (var option in (Option[])[_analysis, _output, _overwrite, _fullLength, _maxJournal])
            command.Options.Add(option);
    }

    /// <summary>The target of a new run.</summary>
    public OutputTarget Read(ParseResult line) => Over(new() { Analysis = line.GetRequiredValue(_analysis) }, line);

    /// <summary>The target that a run directory records, with what was typed now.</summary>
    /// <exception cref="UsageException">Neither names the analysis.</exception>
    public OutputTarget Read(ParseResult line, RunDirectory run) =>
        Over(
            run.ReadTarget()
                ?? new()
                {
                    Analysis =
                        line.GetValue(_analysis)
                        ?? throw new UsageException($"'{run.Root}' says nothing about where its results go. Give --analysis."),
                },
            line
        );

    private OutputTarget Over(OutputTarget target, ParseResult line) =>
        target with
        {
            Analysis = line.GetValue(_analysis) ?? target.Analysis,
            OutputFile = line.GetValue(_output) is { } file ? Path.GetFullPath(file) : target.OutputFile,
            Overwrite = line.GetValue(_overwrite) || target.Overwrite,
            MaxJournalBytes = line.GetValue(_maxJournal) is { } bytes
                ? ByteCountText.Parse(_maxJournal.Name, bytes)
                : target.MaxJournalBytes,
            FullLength = line.GetValue(_fullLength) || target.FullLength,
        };
}
