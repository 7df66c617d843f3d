namespace HpcFit.Shared.Files;

/// <summary>
/// Files that appear under their own name only when they are whole. Until then they have a temporary name beside it
/// (<see cref="TemporaryFile"/>).
/// </summary>
public static class WholeFile
{
    private const int MaxAttempts = 5;

    /// <summary>Writes a file, and removes what killed writers of it left.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="write">Writes the content; called again when somebody removed the temporary file.</param>
    /// <param name="overwrite">Whether a file of that name is replaced.</param>
    /// <param name="prepare">What is done to the temporary file before it takes its name; null: nothing.</param>
    /// <exception cref="IOException">The file system refused, or there is a file of that name that is not replaced. No temporary file
    /// stays.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = true, Action<string>? prepare = null)
    {
        TemporaryFile.RemoveAbandoned(path);
        Place(
            path,
            write,
            temporary =>
            {
                prepare?.Invoke(temporary);
                File.Move(temporary, path, overwrite);
                return true;
            }
        );
    }

    /// <summary>
    /// Writes a temporary file, locked while it is there, and lets <paramref name="place"/> give it its name. One that somebody took for
    /// abandoned is made again.
    /// </summary>
    internal static bool Place(string path, Action<FileStream> write, Func<string, bool> place)
    {
        for (var attempt = 1; ; attempt++)
        {
            var temporary = TemporaryFile.NameFor(path);
            try
            {
                using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
                _ = Posix.TryLock(file.SafeFileHandle);
                write(file);
                file.Flush();
                return place(temporary);
            }
            catch (IOException)
                when (attempt < MaxAttempts
                    && Directory.Exists(Path.GetDirectoryName(path))
                    && !File.Exists(temporary)
                    && !File.Exists(path)
                )
            {
                // Removed by another command's clean-up.
            }
            finally
            {
                File.Delete(temporary);
            }
        }
    }
}
