using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Failures;

/// <summary>The file system refused the write: no room, a quota, a broken device. The file is what it was before.</summary>
/// <param name="file">The file.</param>
/// <param name="forRoom">Whether room is what was missing.</param>
/// <param name="words">What the system or the library said.</param>
internal sealed class DiskRefusedException(string file, bool forRoom, string words)
    : HpcFitException(
        (
            forRoom
                ? $"There is no room to write '{file}': its disk is full, or a quota or file-size limit is reached. The file is what "
                    + "it was before. "
                    + "Make room and repeat the command (nothing is fitted again), or write elsewhere with --output."
                : $"The file system refused to write '{file}'. The file is what it was before. Repair the disk or the permission and "
                    + "repeat the command (nothing is fitted again)."
        ) + (words.Length > 0 ? $"\n{words}" : "")
    )
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.FileSystem;
}
