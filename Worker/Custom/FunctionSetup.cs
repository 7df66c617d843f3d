using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Custom;

/// <summary>Finds the first element at which the user's function succeeds; its columns become the run's.</summary>
/// <param name="interpreters">The interpreters that run the function.</param>
/// <param name="batch">A workspace for one element.</param>
internal sealed class FunctionSetup(Interpreters interpreters, ElementBatch batch)
{
    private const int MaxFailures = 20; // a function that fails this often is wrong
    private const int MaxTimeouts = 2;

    private readonly List<UserCodeFailure> _failures = [];
    private int _timeouts;

    /// <summary>The result at the first of <paramref name="elements"/> at which the function succeeds.</summary>
    /// <exception cref="BadInputException">It succeeds at none; the first messages are reported.</exception>
    public LearnedColumns Among(IEnumerable<ScalarBlock> elements)
    {
        foreach (var element in elements)
        {
            batch.Clear();
            if (!batch.TryAdd(element, 0))
                continue;
            var answer = Ask();
            if (answer.Failure is null)
                return answer;
            _failures.Add(new(element.FirstElement, answer.Failure));
            if (_failures.Count == MaxFailures || _timeouts == MaxTimeouts)
                break;
        }
        throw _failures.Count == 0
            ? new BadInputException(
                "No element has as many finite subjects as the thresholds ask for (--num-subj-lthr-abs, --num-subj-lthr-rel), in all "
                    + "attached scalars (--scalars)."
            )
            : new BadInputException(
                $"The function failed at every element that was tried, from the file's middle on, so the results' columns are unknown:\n  "
                    + string.Join("\n  ", _failures.DistinctBy(failure => failure.Message).Take(3))
            );
    }

    private LearnedColumns Ask()
    {
        var interpreter = interpreters.Take();
        try
        {
            var answer = interpreter.Learn(batch);
            interpreters.GiveBack(interpreter);
            return answer;
        }
        catch (InterpreterEndedException end)
        {
            interpreter.Dispose();
            _timeouts += end.TimedOut ? 1 : 0;
            return new([], [], end.Message);
        }
    }
}
