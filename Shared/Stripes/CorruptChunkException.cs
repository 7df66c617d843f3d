using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// Stored values that cannot be read: a chunk that does not inflate, fails its checksum, or extends beyond the end of the file.
/// </summary>
public sealed class CorruptChunkException : BadInputException
{
    /// <summary>A part of a dataset that cannot be read.</summary>
    /// <param name="file">The file.</param>
    /// <param name="dataset">The dataset's path.</param>
    /// <param name="part">Which part: <c>chunk (0, 3)</c>.</param>
    /// <param name="elements">The elements whose values are in it.</param>
    /// <param name="reason">What was found and what was expected.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public CorruptChunkException(string file, string dataset, string part, ElementRange elements, string reason, Exception? inner = null)
        : base(
            $"{part} of '{dataset}' in '{file}', elements {elements}, cannot be read: {reason} Restore the file from its source, "
                + "or leave these elements out (--on-error skip, --element-subset).",
            inner
        )
    {
        (File, Dataset, Elements) = (file, dataset, elements);
    }

    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.DataError;

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The dataset's path.</summary>
    public string Dataset { get; }

    /// <summary>The elements whose values are in the damaged part, 0-based.</summary>
    public ElementRange Elements { get; }
}
