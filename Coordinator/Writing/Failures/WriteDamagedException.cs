using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Failures;

/// <summary>
/// What was written does not come back as it was handed over: a broken disk, memory or library. Nothing of the write is kept.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="path">The object.</param>
/// <param name="problem">What is wrong with it.</param>
internal sealed class WriteDamagedException(string file, string path, string problem)
    : HpcFitException(
        $"'{path}' of '{file}' {problem}. Nothing of this write is kept. The disk, the memory or libhdf5 is at fault: try again, on "
            + "another disk if it stays."
    )
{
    /// <summary>The object.</summary>
    public string Object => path;

    /// <summary>What is wrong with it.</summary>
    public string Problem => problem;

    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.FileSystem;

    /// <inheritdoc/>
    public override bool IsRetryable => true;
}
