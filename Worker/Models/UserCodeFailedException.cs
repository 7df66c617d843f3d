using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Worker.Models;

/// <summary>User code failed at elements, and the user wants to know rather than go on.</summary>
/// <param name="failures">The first of them.</param>
/// <param name="count">How many there were when the job stopped.</param>
internal sealed class UserCodeFailedException(IReadOnlyList<UserCodeFailure> failures, long count)
    : BadInputException(
        $"The function failed at {count:N0} element{(count == 1 ? "" : "s")}, and the job stopped there:\n  "
            + $"{string.Join("\n  ", failures.Take(UserCodeFailedException.Shown))}"
            + (count > UserCodeFailedException.Shown ? "\n  …" : "")
            + "\nEverything fitted is kept. Mend what the function needs and go on, or leave such elements out (NaN and a status "
            + "code): --on-error skip"
    )
{
    private const int Shown = 4;

    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.DataError;
}
