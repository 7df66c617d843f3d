using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Worker.Pipeline;

/// <summary>User code failed, and the run stops at the first failure.</summary>
/// <param name="failures">The first failures.</param>
/// <param name="count">The number of failures when the job stopped.</param>
internal sealed class UserCodeFailedException(IReadOnlyList<UserCodeFailure> failures, long count)
    : BadInputException(
        $"The function failed at {count:N0} element{(count == 1 ? "" : "s")}, and the job stopped there:\n  "
            + $"{string.Join("\n  ", failures.Take(UserCodeFailedException.Shown))}"
            + (count > UserCodeFailedException.Shown ? "\n  …" : "")
            + "\nEverything fitted is kept. Correct the function or its input and resume, or skip such elements (NaN and a status "
            + "code): --on-error skip"
    )
{
    private const int Shown = 4;

    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.DataError;
}
