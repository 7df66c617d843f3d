using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Failures;

/// <summary>A write failed, and restoring the old bytes failed too. The journal is kept.</summary>
/// <param name="file">The file.</param>
/// <param name="failure">Why the write failed.</param>
/// <param name="refusal">Why the old bytes could not be restored.</param>
internal sealed class NotRestoredException(string file, Exception failure, Exception refusal)
    : HpcFitException(
        $"The write into '{file}' failed, and its old bytes could not be restored: {refusal.Message} They are kept in its undo journal. "
            + $"Repair the disk, then restore them with: {TypedCommand.Line("recover", file)}\nThe write failed because of this: "
            + $"{failure.Message}",
        refusal
    )
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.FileSystem;
}
