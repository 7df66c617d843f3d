using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Launching;

/// <summary>The worker refused a model; the message and the exit code are its own.</summary>
internal sealed class ProbeRefusedException(string message, ExitCode exitCode) : HpcFitException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => exitCode;

    /// <summary>Why a worker ended without an answer; null when neither its exit status nor its messages explain it.</summary>
    /// <param name="status">Its exit status.</param>
    /// <param name="file">The HDF5 file that it had open; null: none.</param>
    /// <param name="words">What it wrote to standard error.</param>
    public static HpcFitException? From(int status, string? file, string words) =>
        ChildCrash.Explain(status, file)
        ?? (
            status > (int)ExitCode.InternalError && Enum.IsDefined((ExitCode)status) && words.Length > 0
                ? (HpcFitException)new ProbeRefusedException(words.TrimEnd(), (ExitCode)status)
                : null
        );
}
