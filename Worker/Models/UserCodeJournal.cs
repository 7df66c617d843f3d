using HpcFit.Shared.Runs;

namespace HpcFit.Worker.Models;

/// <summary>What user code printed and where it failed, bounded however much it does of either. Any thread may write.</summary>
internal sealed class UserCodeJournal
{
    /// <summary>Lines handed on; a function that prints at every one of a million elements must not fill a disk.</summary>
    public const int MaxLines = 2000;

    private readonly Lock _lock = new();
    private readonly List<UserCodeFailure> _first = [];
    private Action<string> _print = _ => { };
    private Action<UserCodeFailure> _fail = _ => { };
    private int _lines;

    /// <summary>Whether nothing more is begun once an element failed.</summary>
    public bool StopsAtFirst { get; set; }

    /// <summary>How many elements failed.</summary>
    public long Failures { get; private set; }

    /// <summary>At how many elements it answered a NaN.</summary>
    public long NaNAnswers { get; private set; }

    /// <summary>The lowest of these elements, and what was NaN there; null: none.</summary>
    public UserCodeFailure? FirstNaN { get; private set; }

    /// <summary>The first failures that were told, ascending by element.</summary>
    public IReadOnlyList<UserCodeFailure> First
    {
        get
        {
            lock (_lock)
                return [.. _first.OrderBy(failure => failure.Element)];
        }
    }

    /// <summary>Says where to hand on what is printed and the failures that are kept.</summary>
    public void HandOn(Action<string> printed, Action<UserCodeFailure> failed)
    {
        lock (_lock)
            (_print, _fail) = (printed, failed);
    }

    /// <summary>A line that user code printed.</summary>
    public void Printed(string line)
    {
        lock (_lock)
        {
            if (_lines > MaxLines)
                return;
            _print(_lines++ < MaxLines ? line : $"(more than {MaxLines} lines were printed; the rest is dropped)");
        }
    }

    /// <summary>User code answered NaN at an element: a value like others, and often not what its author meant.</summary>
    public void AnsweredNaN(long element, string column)
    {
        lock (_lock)
        {
            NaNAnswers++;
            if (FirstNaN is null || element < FirstNaN.Element)
                FirstNaN = new(element, $"NaN as '{column}'");
        }
    }

    /// <summary>User code failed at an element.</summary>
    public void Failed(long element, string message)
    {
        lock (_lock)
        {
            Failures++;
            if (_first.Count >= UserCodeFailure.MaxKept)
                return;
            var failure = new UserCodeFailure(element, message);
            _first.Add(failure);
            _fail(failure);
        }
    }
}
