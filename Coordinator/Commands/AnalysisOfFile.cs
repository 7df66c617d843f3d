using System.CommandLine;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Reading;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Claims;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// The arguments FILE and ANALYSIS and the options of the verbs that change an existing analysis: <c>delete</c>, <c>rename</c>. They are
/// writes like that of results: claimed, journaled, verified.
/// </summary>
internal sealed class AnalysisOfFile
{
    private const string MaxJournal = "--max-journal";

    private readonly Argument<string> _file = TextOption.Argument("FILE", "the HDF5 file that contains the analysis");
    private readonly Argument<string> _analysis;
    private readonly Option<string?> _maxJournal = TextOption.Optional(
        MaxJournal,
        "SIZE",
        "the maximum size of the undo journal, which saves what may change: 4G (default: 1G)",
        text => ByteCountText.Parse(MaxJournal, text)
    );
    private readonly Option<bool> _takeOver = SwitchOption.Create(
        "--take-over",
        "declare that the process that holds this file is dead (its node failed)"
    );

    /// <summary>Creates the arguments.</summary>
    /// <param name="placeholder">That of the analysis.</param>
    public AnalysisOfFile(string placeholder) => _analysis = TextOption.Argument(placeholder, "its name under /results");

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_file);
        command.Arguments.Add(_analysis);
        command.Options.Add(_maxJournal);
        command.Options.Add(_takeOver);
    }

    /// <summary>The file.</summary>
    public string File(ParseResult line) => line.GetRequiredValue(_file);

    /// <summary>The name of the analysis.</summary>
    public string Name(ParseResult line) => line.GetRequiredValue(_analysis);

    /// <summary>Reads the analyses of the file. An interrupted write is undone first, as by every command that writes.</summary>
    /// <exception cref="BadInputException">There is no such analysis (similar names are listed), or its values are in other
    /// files.</exception>
    public IReadOnlyList<AnalysisSummary> Require(ParseResult line, CancellationToken token)
    {
        var (path, name) = (File(line), Name(line));
        RestoreInterrupted(line, token);
        using var reading = new ReadingChild(MetadataTimeoutOption.Read(line));
        var analyses = UndoJournal.ReadBetweenWrites(path, UndoJournal.Patience, () => reading.Analyses(path, token), token);
        var analysis =
            analyses.FirstOrDefault(one => one.Name == name)
            ?? throw new BadInputException(
                analyses.Count == 0
                    ? $"'{path}' contains no analysis."
                    : $"'{path}' has no analysis '{name}'. {NearestNames.Hint(name, analyses.Select(one => one.Name))}"
            );
        return analysis.Files.Count == 0
            ? analyses
            : throw new BadInputException(
                $"The analysis '{name}' of '{path}' is stored in other files: {string.Join(", ", analysis.Files)}. Only the data file "
                    + "itself is changed: change it there."
            );
    }

    /// <summary>Writes a change.</summary>
    public void Write(ParseResult line, Content content, bool overwrite, CancellationToken token) =>
        Hdf5Write.Run(
            new()
            {
                File = File(line),
                NewFile = false,
                Overwrite = overwrite,
                Contents = [content],
                MaxJournalBytes = line.GetValue(_maxJournal) is { } size
                    ? ByteCountText.Parse(MaxJournal, size)
                    : WriteRequest.DefaultMaxJournalBytes,
                TakeOver = line.GetValue(_takeOver),
                What = What(line),
                MetadataTimeout = MetadataTimeoutOption.Read(line),
            },
            token
        );

    private void RestoreInterrupted(ParseResult line, CancellationToken token)
    {
        var path = File(line);
        if (!UndoJournal.IsInterrupted(path, UndoJournal.Patience, token))
            return;
        var turn = new WriteTurn(What(line), UndoJournal.Patience, line.GetValue(_takeOver));
        if (RecoverFile.Before(turn, path, force: false, token) is { Outcome: RecoveryOutcome.Restored, Header: { } header })
            Console.Error.WriteLine(
                $"WRN The write into '{path}' by {header.Holder} was interrupted. Its old bytes are restored: {header.Length:N0}."
            );
    }

    private static string What(ParseResult line) => $"hpcfit {line.CommandResult.Command.Name}";
}
