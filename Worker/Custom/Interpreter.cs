using System.Diagnostics;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Functions;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Custom;

/// <summary>
/// An interpreter process with the user's function loaded: handles one request at a time. Not thread-safe. If it ends during a request, it
/// cannot be used any more: start another.
/// </summary>
internal sealed class Interpreter : IDisposable
{
    /// <summary>The worker's verb whose process becomes the interpreter.</summary>
    public const string Verb = "interpret";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5); // a cold R on a shared file system
    private static readonly string[] OneThread =
    [
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "MC_CORES",
    ];

    private readonly FunctionCall _call;
    private readonly Process _process;
    private readonly ScratchFolder _scratch;
    private readonly CancellationToken _giveUp;
    private readonly InterpreterOutput _output;
    private readonly Deadline _deadline;
    private readonly BridgeWriter _writer;
    private readonly BridgeReader _reader;

    private Interpreter(FunctionCall call, Process process, ScratchFolder scratch, UserCodeJournal journal, CancellationToken giveUp)
    {
        (_call, _process, _scratch, _giveUp) = (call, process, scratch, giveUp);
        _output = new(process, journal);
        _deadline = new(() => ProcessControl.Kill(process.Id));
        _writer = new(process.StandardInput.BaseStream);
        _reader = new(process.StandardOutput.BaseStream);
    }

    /// <summary>The interpreter's name and version, as it reports them.</summary>
    public string Runtime { get; private set; } = "";

    /// <summary>Starts an interpreter and sends it the function and the phenotypes.</summary>
    /// <param name="call">The function.</param>
    /// <param name="journal">Receives what it prints.</param>
    /// <param name="giveUp">Ends it when its results are no longer needed.</param>
    /// <exception cref="BadInputException">There is no interpreter, or the function's file cannot be used, for the reason that the
    /// interpreter reports.</exception>
    /// <exception cref="InterpreterEndedException">It ended before it was ready.</exception>
    public static Interpreter Start(FunctionCall call, UserCodeJournal journal, CancellationToken giveUp)
    {
        var program = InterpreterProgram.For(call.File.Language);
        var worker = Path.Combine(AppContext.BaseDirectory, "hpcfit-worker");
        var start = new ProcessStartInfo(worker, [Verb, $"{Environment.ProcessId}", program.Path, .. program.Arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = call.File.Folder,
        };
        // One thread per interpreter: the worker uses all cores already, and sums must not depend on a library's number of threads.
        foreach (var variable in OneThread)
            start.Environment[variable] = "1";
        var scratch = new ScratchFolder();
        start.Environment["TMPDIR"] = scratch.Path;
        var interpreter = new Interpreter(call, Process.Start(start)!, scratch, journal, giveUp);
        try
        {
            interpreter.Load();
            return interpreter;
        }
        catch
        {
            interpreter.Dispose();
            throw;
        }
    }

    /// <summary>Calls the function at the batch's one element to learn its columns.</summary>
    /// <exception cref="InterpreterEndedException">The interpreter ended.</exception>
    public LearnedColumns Learn(ElementBatch batch) =>
        Exchange(
            _call.ElementTimeout,
            () =>
            {
                _writer.Write((int)BridgeQuestion.Learn);
                batch.WriteTo(_writer, 0, 1);
            },
            () =>
            {
                if (_reader.ReadInt() != 0)
                    return new LearnedColumns([], [], string.Concat(_reader.ReadTexts()));
                var names = _reader.ReadTexts();
                var values = new double[names.Length];
                _reader.ReadDoubles(values);
                return new(names, values, null);
            }
        );

    /// <summary>Sends the columns of the run.</summary>
    /// <exception cref="InterpreterEndedException">The interpreter ended.</exception>
    public void FixColumns(IReadOnlyList<string> columns) =>
        Exchange(
            StartTimeout,
            () =>
            {
                _writer.Write((int)BridgeQuestion.Columns);
                _writer.Write(columns);
            },
            () => 0
        );

    /// <summary>Calls the function at some elements of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="first">The first element's index in the batch.</param>
    /// <param name="answers">Receives the results; its count is the number of elements.</param>
    /// <exception cref="InterpreterEndedException">The interpreter ended; no results are available.</exception>
    public void Fit(ElementBatch batch, int first, BatchAnswers answers) =>
        Exchange(
            _call.ElementTimeout,
            () =>
            {
                _writer.Write((int)BridgeQuestion.Fit);
                batch.WriteTo(_writer, first, answers.Count);
            },
            () =>
            {
                _reader.ReadInts(answers.Failed);
                _reader.ReadDoubles(answers.Values);
                answers.Messages = _reader.ReadTexts();
                return 0;
            }
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        ProcessControl.Kill(_process.Id);
        _deadline.Dispose();
        _output.Await();
        _process.Dispose();
        _scratch.Dispose();
    }

    private void Load()
    {
        var (failed, message) = Exchange(
            StartTimeout,
            () => _call.WriteTo(_writer),
            () => (_reader.ReadInt() != 0, string.Concat(_reader.ReadTexts()))
        );
        if (failed)
            throw new BadInputException($"The function file '{_call.File.Path}' cannot be used: {message}");
        Runtime = message;
        ProcessControl.LimitMemory(_process.Id, _call.Spec.FunctionMemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    private T Exchange<T>(TimeSpan timeout, Action ask, Func<T> answer)
    {
        _deadline.Start(timeout);
        using var givenUp = _giveUp.UnsafeRegister(process => ProcessControl.Kill(((Process)process!).Id), _process);
        try
        {
            ask();
            _writer.Send();
            return answer();
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            throw Ended(failure);
        }
        finally
        {
            _deadline.Stop();
        }
    }

    private InterpreterEndedException Ended(Exception failure)
    {
        if (_deadline.Passed)
            return new($"it took longer than {_call.Spec.ElementTimeoutSeconds:G6} s (--element-timeout) and was ended", timedOut: true);
        ProcessControl.Kill(_process.Id);
        var cause = failure is InvalidDataException ? failure.Message : "";
        return new($"{cause}its interpreter {_output.Await()}", timedOut: false);
    }
}

/// <summary>
/// An interpreter ended, or was ended, during a request. The caller catches it and gives the element a status code.
/// </summary>
/// <param name="message">How it ended, and its last output.</param>
/// <param name="timedOut">Whether it was ended because it took too long.</param>
internal sealed class InterpreterEndedException(string message, bool timedOut) : Exception(message)
{
    /// <summary>Whether it was ended because it took too long.</summary>
    public bool TimedOut { get; } = timedOut;
}

/// <summary>The function's result at one element, with its columns.</summary>
/// <param name="Names">The names of its columns.</param>
/// <param name="Values">One per column.</param>
/// <param name="Failure">Why the function failed; null if it succeeded.</param>
internal sealed record LearnedColumns(IReadOnlyList<string> Names, IReadOnlyList<double> Values, string? Failure);
