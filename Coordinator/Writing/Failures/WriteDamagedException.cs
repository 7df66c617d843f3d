using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Failures;

/// <summary>
/// The file read back differs from what was written: a faulty disk, memory or library. Nothing of the write is kept.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="path">The object.</param>
/// <param name="problem">The problem, as the predicate of a sentence about the object.</param>
internal sealed class WriteDamagedException(string file, string path, string problem)
    : HpcFitException(
        $"'{path}' of '{file}' {problem}. Nothing of this write is kept. The disk, the memory or libhdf5 is faulty: try again, and if "
            + "the problem remains, on another disk."
    )
{
    /// <summary>The object.</summary>
    public string Object => path;

    /// <summary>The problem.</summary>
    public string Problem => problem;

    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.FileSystem;

    /// <inheritdoc/>
    public override bool IsRetryable => true;
}
