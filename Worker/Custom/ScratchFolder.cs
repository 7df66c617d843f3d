using HpcFit.Shared.Files;

namespace HpcFit.Worker.Custom;

/// <summary>
/// The TMPDIR of one interpreter, inside the worker's. An interpreter is ended by a signal and cannot clean up itself: R alone would leave
/// a folder on the node with every job. That of a worker that was killed is removed by the next one on the machine.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string Prefix = "hpcfit-function-";

    /// <summary>Makes one.</summary>
    /// <exception cref="IOException">TMPDIR takes no folder.</exception>
    public ScratchFolder() => Path = TemporaryFolder.Create(Prefix);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>
    /// Removes it with all that is in it. What somebody still writes into at this moment, or has taken the right to remove from us, stays.
    /// </summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A program that the function started and that left its session may write on: no reason to fail what was fitted.
        }
    }
}
