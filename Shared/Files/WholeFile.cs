namespace HpcFit.Shared.Files;

/// <summary>
/// Files that appear under their own name only when complete. Until then they have a temporary name in the same folder
/// (<see cref="TemporaryFile"/>).
/// </summary>
public static class WholeFile
{
    private const int MaxAttempts = 5;

    /// <summary>Writes a file, and removes temporary files that killed writers of it left behind.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="write">Writes the content; called again if another process removed the temporary file.</param>
    /// <param name="overwrite">Whether an existing file of that name is replaced.</param>
    /// <param name="prepare">Called with the temporary file before it is renamed; null: nothing is done.</param>
    /// <exception cref="IOException">The file system refused, or a file of that name exists and is not to be replaced. No temporary file is
    /// left.</exception>
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
    /// Writes a temporary file, which is locked while it exists, and lets <paramref name="place"/> give it its name. If another process
    /// removed it as abandoned, it is written again.
    /// </summary>
    internal static bool Place(string path, Action<FileStream> write, Func<string, bool> place)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (temporary, isPlaced) = (TemporaryFile.NameFor(path), false);
            try
            {
                using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
                _ = Posix.TryLock(file.SafeFileHandle);
                write(file);
                file.Flush();
                var answer = place(temporary);
                isPlaced = true;
                return answer;
            }
            catch (IOException)
                when (!isPlaced && attempt < MaxAttempts && Directory.Exists(Path.GetDirectoryName(path)) && !File.Exists(temporary))
            {
                // Removed by another command's clean-up, which may have created the file itself since then.
            }
            finally
            {
                File.Delete(temporary);
            }
        }
    }
}
