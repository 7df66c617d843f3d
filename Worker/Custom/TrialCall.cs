using System.Diagnostics;
using System.Globalization;
using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Custom;

/// <summary>Calls a user's function at one element and reports its result and the time that all elements would take.</summary>
/// <param name="engine">The function.</param>
/// <param name="interpreters">The interpreters that run it.</param>
internal sealed class TrialCall(CustomEngine engine, Interpreters interpreters)
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(500);

    /// <summary>The report, as lines of text.</summary>
    /// <param name="batch">The element.</param>
    /// <param name="elements">The number of elements in the file.</param>
    /// <exception cref="BadInputException">The function fails; its message is reported.</exception>
    public IEnumerable<string> Lines(ElementBatch batch, long elements)
    {
        using var interpreter = interpreters.Take();
        var (first, answer) = Timed(interpreter, batch);
        if (answer.Failure is not null)
            throw new BadInputException($"The function failed: {answer.Failure}");
        foreach (var (name, value) in answer.Names.Zip(answer.Values))
            yield return $"{name, -24} {value.ToString("R", CultureInfo.InvariantCulture)}";

        var (calls, started) = (0, Stopwatch.GetTimestamp());
        do
        {
            _ = Timed(interpreter, batch);
            calls++;
        } while (Stopwatch.GetElapsedTime(started) < Budget);
        var each = Stopwatch.GetElapsedTime(started) / calls;
        yield return "";
        yield return $"a call     {each.TotalMilliseconds:G3} ms (the first {first.TotalMilliseconds:G3} ms), run by "
            + $"{engine.FunctionRuntime}";
        yield return $"all        {CountText.Format(elements, "element")} in about {Describe(each * elements)} on one thread";
    }

    private static (TimeSpan Time, LearnedColumns Answer) Timed(Interpreter interpreter, ElementBatch batch)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var answer = interpreter.Learn(batch);
            return (Stopwatch.GetElapsedTime(started), answer);
        }
        catch (InterpreterEndedException end)
        {
            throw new BadInputException($"The function failed: {end.Message}", end);
        }
    }

    private static string Describe(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{time.TotalHours:F1} h"
        : time.TotalMinutes >= 1 ? $"{time.TotalMinutes:F1} min"
        : $"{time.TotalSeconds:F1} s";
}
