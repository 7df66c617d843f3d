using HpcFit.Shared.Runs;

namespace HpcFit.Worker.Models;

/// <summary>Output and failures of user code, bounded in number. Any thread may write.</summary>
internal sealed class UserCodeJournal
{
    /// <summary>The most lines that are forwarded: a function that prints at each of a million elements must not fill a disk.</summary>
    public const int MaxLines = 2000;

    private readonly Lock _lock = new();
    private readonly List<UserCodeFailure> _first = [];
    private Action<string> _print = _ => { };
    private Action<UserCodeFailure> _fail = _ => { };
    private int _lines;

    /// <summary>Whether no further element is begun once one has failed.</summary>
    public bool StopsAtFirst { get; set; }

    /// <summary>The number of elements that failed.</summary>
    public long Failures { get; private set; }

    /// <summary>The number of elements for which user code returned NaN.</summary>
    public long NaNAnswers { get; private set; }

    /// <summary>The lowest of these elements, and the column that was NaN there; null: none.</summary>
    public UserCodeFailure? FirstNaN { get; private set; }

    /// <summary>The first failures that were reported, ascending by element.</summary>
    public IReadOnlyList<UserCodeFailure> First
    {
        get
        {
            lock (_lock)
                return [.. _first.OrderBy(failure => failure.Element)];
        }
    }

    /// <summary>Sets the receivers of printed lines and of the failures that are kept.</summary>
    public void ForwardTo(Action<string> printed, Action<UserCodeFailure> failed)
    {
        lock (_lock)
            (_print, _fail) = (printed, failed);
    }

    /// <summary>Forwards a line that user code printed.</summary>
    public void Printed(string line)
    {
        lock (_lock)
        {
            if (_lines > MaxLines)
                return;
            _print(_lines++ < MaxLines ? line : $"(more than {MaxLines} lines were printed; the rest is dropped)");
        }
    }

    /// <summary>Records that user code returned NaN at an element: a valid value, but often not what its author meant.</summary>
    public void AnsweredNaN(long element, string column)
    {
        lock (_lock)
        {
            NaNAnswers++;
            if (FirstNaN is null || element < FirstNaN.Element)
                FirstNaN = new(element, $"NaN as '{column}'");
        }
    }

    /// <summary>Records a failure at an element.</summary>
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
