using HpcFit.Shared.Files;

namespace HpcFit.Worker.Custom;

/// <summary>
/// The TMPDIR of one interpreter, inside the worker's. An interpreter is ended by a signal and cannot clean up: R would leave a folder on
/// the node with every job. The folder of a killed worker is removed by the next worker on the machine.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string Prefix = "hpcfit-function-";

    /// <summary>Creates the folder.</summary>
    /// <exception cref="IOException">No folder can be created in TMPDIR.</exception>
    public ScratchFolder() => Path = TemporaryFolder.Create(Prefix);

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>
    /// Removes the folder and its content. Whatever another process is still writing, or has made unremovable, is left.
    /// </summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A detached program that the function started may still be writing; the fits are valid all the same.
        }
    }
}
