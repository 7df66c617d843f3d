using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>An undo journal that is not what its writer made. Nothing is restored from it.</summary>
/// <param name="journal">Its path.</param>
/// <param name="problem">What is wrong.</param>
/// <param name="inner">The failure behind it.</param>
internal sealed class DamagedJournalException(string journal, string problem, Exception? inner = null)
    : HpcFitException(
        $"The undo journal '{journal}' is damaged: {problem}. Nothing was restored, and the file beside it may hold a half write. "
            + "Put a backup of the file in its place and remove the journal; if the file opens and holds all its datasets, removing "
            + "the journal is enough.",
        inner
    )
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.BadInput;
}
