using HpcFit.Shared.Failures;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Custom;

/// <summary>
/// Starts a run's interpreters. The first is started at once: it checks the function, reports its version, determines the columns, and then
/// serves the first thread; every other thread starts its own.
/// </summary>
internal sealed class Interpreters : IDisposable
{
    private readonly FunctionCall _call;
    private readonly UserCodeJournal _journal;
    private readonly CancellationTokenSource _giveUp = new();
    private Interpreter? _first;

    /// <summary>Starts the first interpreter.</summary>
    /// <exception cref="BadInputException">There is no interpreter, or the function's file cannot be used.</exception>
    public Interpreters(FunctionCall call, UserCodeJournal journal)
    {
        (_call, _journal) = (call, journal);
        _first = Start();
        Runtime = _first.Runtime;
    }

    /// <summary>The interpreters' name and version, as they report them.</summary>
    public string Runtime { get; }

    /// <summary>Whether their results are no longer needed.</summary>
    public bool AreGivenUp => _giveUp.IsCancellationRequested;

    /// <summary>Ends all interpreters after a delay.</summary>
    public void GiveUpAfter(TimeSpan grace) => _giveUp.CancelAfter(grace);

    /// <summary>
    /// An interpreter for the caller, who must use and dispose it on this thread: the kernel ends it with the thread that started it.
    /// </summary>
    public Interpreter Take() => Interlocked.Exchange(ref _first, null) ?? Start();

    /// <summary>Returns a working interpreter for the next <see cref="Take"/>.</summary>
    public void GiveBack(Interpreter interpreter) => Interlocked.Exchange(ref _first, interpreter)?.Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        Interlocked.Exchange(ref _first, null)?.Dispose();
        _giveUp.Dispose();
    }

    /// <summary>
    /// Starts an interpreter, and a second time if another process ended it before it was ready; a file that ends its interpreter does so
    /// again.
    /// </summary>
    private Interpreter Start()
    {
        try
        {
            return Interpreter.Start(_call, _journal, _giveUp.Token);
        }
        catch (InterpreterEndedException) when (!AreGivenUp)
        {
            return StartAgain();
        }
    }

    private Interpreter StartAgain()
    {
        try
        {
            return Interpreter.Start(_call, _journal, _giveUp.Token);
        }
        catch (InterpreterEndedException end) when (!AreGivenUp)
        {
            throw new BadInputException($"The function file '{_call.File.Path}' cannot be loaded: {end.Message}", end);
        }
    }
}
