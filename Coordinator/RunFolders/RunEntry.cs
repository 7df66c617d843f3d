using HpcFit.Coordinator.Monitoring;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.RunFolders;

/// <summary>One line of <c>hpcfit runs</c>.</summary>
/// <param name="Folder">The run directory.</param>
/// <param name="State">The state of the run.</param>
/// <param name="Analysis">The analyses with its results, or in parentheses the one that it will write.</param>
/// <param name="Model">The engine and the formula.</param>
/// <param name="Partials">Bytes of its partial files.</param>
/// <param name="Created">When the run was made; null: its document cannot be read.</param>
internal sealed record RunEntry(string Folder, string State, string Analysis, string Model, long Partials, DateTimeOffset? Created)
{
    /// <summary>Describes a run; one that this program cannot read is listed with the reason.</summary>
    public static RunEntry Read(string folder, WrittenAnalyses written, ILogger log, CancellationToken token)
    {
        try
        {
            var run = RunDirectory.Open(folder);
            var status = new StatusReader(run, log).ReadAsync(token).GetAwaiter().GetResult();
            var document = run.Document;
            // Those of a batch are listed with its members.
            var names = run.Members().Select(member => written.Of(member, token).Names).ToList();
            var own = document.Members.Count > 0 ? [] : names[0];
            var batch = document.Members.Count > 0 ? $"{CountText.Format(document.Members.Count, "model")} in one pass" : null;
            return new(
                folder,
                StateOf(status.State, names.TrueForAll(one => one.Count > 0), status.Covered < status.Elements),
                own.Count > 0 ? string.Join(", ", own)
                    : run.ReadTarget() is { } target ? $"({target.Analysis})"
                    : "",
                batch ?? $"{document.Spec.Model.Engine}  {document.Spec.Model.Formula}".TrimEnd(),
                BytesOf(run.PartialFilesOfStages()),
                document.Created
            );
        }
        catch (HpcFitException failure)
        {
            return new(folder, "unreadable", "", failure.Message, 0, null);
        }
    }

    /// <summary>The size of files that exist.</summary>
    public static long BytesOf(IEnumerable<string> files) =>
        files.Select(file => new FileInfo(file)).Where(file => file.Exists).Sum(file => file.Length);

    private static string StateOf(RunState state, bool isWritten, bool isIncomplete) =>
        (state, isWritten) switch
        {
            (RunState.Complete or RunState.Stopped, true) => isIncomplete ? "written, cleaned" : "written",
            (RunState.Complete, false) => "fitted, not written",
            _ => state.ToString().ToLowerInvariant(),
        };
}
