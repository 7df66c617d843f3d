using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Failures;

/// <summary>The data file was replaced, moved or removed during the write.</summary>
/// <param name="file">Its path.</param>
/// <param name="inner">The error by which this was noticed; null: found by a check.</param>
internal sealed class FileReplacedException(string file, Exception? inner = null)
    : HpcFitException(
        $"'{file}' was replaced, moved or removed while results were written into it. The file that has this name now was not touched, and "
            + "the file that was written has its old "
            + "bytes again. Check which file is the right one, then repeat the command (nothing is fitted again unless the data differ).",
        inner
    )
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.BadInput;
}
