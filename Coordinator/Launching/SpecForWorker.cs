using System.Text.Json;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>A spec in a temporary file, for a worker that is started with it.</summary>
internal sealed class SpecForWorker : IDisposable
{
    /// <summary>Writes the file.</summary>
    /// <exception cref="IOException">The folder for temporary files takes none; the message names it.</exception>
    public SpecForWorker(RunSpec spec)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"hpcfit-{Nonce.Hex(16)}.json");
        try
        {
            using var file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write);
            JsonSerializer.Serialize(file, spec, RunJson.Default.RunSpec);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new IOException(
                $"No temporary file can be made in '{System.IO.Path.GetTempPath()}': {refusal.Message} Set TMPDIR to a folder that is there and can be written.", refusal);
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (File.Exists(Path)) File.Delete(Path);
    }
}
