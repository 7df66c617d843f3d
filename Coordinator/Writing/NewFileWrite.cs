using HpcFit.Coordinator.Writing.Child;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Coordinator.Writing.Library;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing;

/// <summary>
/// Creates a file under a temporary name in the target's folder, verifies and syncs it, then renames it: under its own name it is complete.
/// </summary>
internal static class NewFileWrite
{
    /// <summary>Performs the write.</summary>
    public static WriteReport Run(WriteRequest request, CancellationToken token)
    {
        var path = Target(request);
        using var claim = WriteClaim.TakeForNewFile(path, request.Turn, token);
        TemporaryFile.RemoveLeftOvers(path);
        var temporary = TemporaryFile.NameFor(path);
        using var reader = ChildReader.Start(request);
        try
        {
            using var child = ChildWriter.Create(ChildProcess.Start(), temporary, request with { File = path });
            var written = child.Run(sink => new ContentWriter(sink, token).Write(request.Contents), token);
            reader.Verify(temporary, FileStatus.Read(temporary).Identity, request.Contents, written, token);
            token.ThrowIfCancellationRequested();
            if (request.Overwrite)
                FileOwnership.Copy(path, temporary);
            Rename(temporary, path, request.Overwrite);
            return new(path, written.Sum(dataset => dataset.Layout.Bytes), written.Sum(dataset => dataset.StoredBytes), 0, false);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static string Target(WriteRequest request)
    {
        var path = Path.GetFullPath(request.File);
        var folder = Path.GetDirectoryName(path)!;
        if (Directory.Exists(path))
            throw new BadInputException($"'{path}' is a folder; a file name was expected.");
        if (!Directory.Exists(folder))
            throw new BadInputException(
                $"'{path}' cannot be created: the folder '{folder}' does not exist. Create it, or choose another location."
            );
        if (!File.Exists(path))
            return path;
        if (!request.Overwrite)
            throw Exists(path);
        RegularFile.RequireReplaceable(path);
        var real = RealPath.Resolve(path);
        UndoJournal.RefuseIfPresent(real);
        return real;
    }

    private static void Rename(string temporary, string path, bool overwrite)
    {
        try
        {
            File.Move(temporary, path, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            throw Exists(path);
        }
        try
        {
            Posix.SyncFolder(Path.GetDirectoryName(path)!);
        }
        catch when (!overwrite)
        {
            File.Delete(path); // a failed command leaves no new file; a replaced one no longer exists
            throw;
        }
    }

    private static BadInputException Exists(string path) => new($"'{path}' exists. Choose another name, or replace it with --overwrite.");
}
