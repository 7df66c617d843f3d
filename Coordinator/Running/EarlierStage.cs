using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// The stage of an earlier run that a stage continues, in a run directory next to this one: the same work with fewer units, or with both
/// sides where one is tested now. Its blocks count for both.
/// </summary>
internal static class EarlierStage
{
    /// <summary>The stage with the most units that a new stage continues; null: there is none.</summary>
    /// <param name="stage">Where the new stage is to be: in a run directory.</param>
    /// <param name="document">Its document.</param>
    public static RunDirectory? Find(RunDirectory stage, RunDocument document)
    {
        var own = RunOf(stage);
        var folder = Path.GetDirectoryName(own);
        var ofBoth = OneSidedBlocks.DigestOfBoth(document);
        return Directory.Exists(folder)
            ? Directory
                .EnumerateDirectories(folder)
                .Where(run => run != own)
                .Select(run => Readable(RunDirectory.At(run).StageAt(document.Stage!.Name).Root))
                .OfType<RunDirectory>()
                .Where(one => Continues(one.Document))
                .MaxBy(one => one.Document.Stage!.Units)
            : null;

        bool Continues(RunDocument earlier) =>
            earlier.Digest == document.Digest
                ? earlier.Stage!.Units < document.Stage!.Units
                : earlier.Digest == ofBoth
                    && earlier.Stage!.Units <= document.Stage!.Units
                    && earlier.Layout.PartialWidth == document.Layout.PartialWidth
                    && earlier.Layout.BytesPerBlock == document.Layout.BytesPerBlock;
    }

    /// <summary>
    /// Gives a new stage the partial files of the one that it continues: they are linked, or copied where that is refused. Of blocks of
    /// both sides it receives its own.
    /// </summary>
    public static void Continue(RunDirectory stage)
    {
        if (stage.PartialFiles().Count > 0 || Find(stage, stage.Document) is not { } earlier)
            return;
        if (earlier.Document.Digest != stage.Document.Digest)
        {
            OneSidedBlocks.Copy(stage, earlier, RunDirectory.Open(RunOf(stage)).Document.Layout.Permutation!);
            return;
        }
        foreach (var partial in earlier.PartialFiles())
        {
            var copy = Path.Combine(stage.Partials, Path.GetFileName(partial));
            try
            {
                Posix.Link(partial, copy);
            }
            catch (IOException)
            {
                var temporary = TemporaryFile.NameFor(copy);
                File.Copy(partial, temporary);
                File.Move(temporary, copy);
            }
        }
    }

    private static string RunOf(RunDirectory stage) => Path.GetDirectoryName(Path.GetDirectoryName(stage.Root))!;

    private static RunDirectory? Readable(string folder)
    {
        try
        {
            return RunDirectory.TryOpen(folder);
        }
        catch (BadInputException)
        {
            // Of another format version, or damaged: its shuffles are computed again.
            return null;
        }
    }
}
