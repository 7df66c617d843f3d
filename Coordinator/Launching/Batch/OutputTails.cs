using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Launching.Batch;

/// <summary>The ends of the outputs of failed jobs, for messages. Of many failed jobs, only the first ones are read.</summary>
internal sealed class OutputTails
{
    private const int Bytes = 600;

    /// <summary>Maximum number of outputs that are read: more would add nothing.</summary>
    private const int Most = 50;

    private int _read;

    /// <summary>The end of an output, without white space around it; empty if it cannot be read, or enough were.</summary>
    public string Read(string path)
    {
        if (_read++ >= Most)
            return "";
        try
        {
            using var file = new FileStream(RegularFile.OpenRead(path, "a job's output"), FileAccess.Read);
            file.Seek(-Math.Min(file.Length, Bytes), SeekOrigin.End);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Trim();
        }
        catch (Exception unreadable) when (unreadable is BadInputException or IOException)
        {
            return "";
        }
    }
}
