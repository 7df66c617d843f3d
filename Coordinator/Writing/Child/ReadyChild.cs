using System.ComponentModel;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>
/// The two processes of a write, one that reads and one that writes, started before there is anything to write: a short run would wait for
/// them longer than for the write. They know no file until they get their tasks. They are a head start and nothing more: where one cannot
/// be started, or is gone, a write starts its own.
/// </summary>
internal sealed class ReadyChild : IDisposable
{
    private readonly TaskCompletionSource<ChildProcess?>[] _starting =
    [
        .. Enumerable.Range(0, 2).Select(_ => new TaskCompletionSource<ChildProcess?>(TaskCreationOptions.RunContinuationsAsynchronously)),
    ];
    private readonly ManualResetEventSlim _isOver = new();
    private bool _isBegun;
    private int _taken;

    /// <summary>Begins to start them, unless that was done before.</summary>
    public void Begin()
    {
        if (_isBegun)
            return;
        _isBegun = true;
        new Thread(Attend) { Name = "writing child", IsBackground = true }.Start();
    }

    /// <summary>Hands one over; null when there is none left.</summary>
    public ChildProcess? Take()
    {
        while (_isBegun && _taken < _starting.Length)
        {
            if (_starting[_taken++].Task.GetAwaiter().GetResult() is not { } process)
                continue;
            if (!process.HasExited)
                return process;
            process.Dispose();
        }
        return null;
    }

    /// <summary>Ends those that were not taken; who took one is done with it.</summary>
    public void Dispose()
    {
        while (Take() is { } process)
            process.Dispose();
        _isOver.Set();
    }

    /// <summary>A process dies with the thread that started it, so this one stays.</summary>
    private void Attend()
    {
        foreach (var starting in _starting)
            starting.SetResult(TryStart());
        _isOver.Wait();
    }

    private static ChildProcess? TryStart()
    {
        try
        {
            return ChildProcess.Start();
        }
        catch (Exception refusal) when (refusal is Win32Exception or HpcFitException)
        {
            return null; // the write meets the same refusal, and reports it
        }
    }
}
