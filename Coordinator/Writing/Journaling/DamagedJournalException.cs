using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>An undo journal whose content is invalid. Nothing is restored from it.</summary>
/// <param name="journal">Its path.</param>
/// <param name="problem">The problem.</param>
/// <param name="inner">The underlying failure.</param>
internal sealed class DamagedJournalException(string journal, string problem, Exception? inner = null)
    : HpcFitException(
        $"The undo journal '{journal}' is damaged: {problem}. Nothing was restored, and the data file may be partly written. "
            + "Replace the file with a backup and remove the journal; if the file opens and contains all its datasets, removing "
            + "the journal is enough.",
        inner
    )
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.BadInput;
}
