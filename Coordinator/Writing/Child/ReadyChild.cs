using System.ComponentModel;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>
/// The two processes of a write, one that reads and one that writes, started before there is anything to write, because in a short run
/// starting them takes longer than the write. They receive their files with their tasks. They are only a head start: if one cannot be
/// started or has ended, the write starts its own.
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

    /// <summary>Starts them in the background, unless already done.</summary>
    public void Begin()
    {
        if (_isBegun)
            return;
        _isBegun = true;
        new Thread(Attend) { Name = "writing child", IsBackground = true }.Start();
    }

    /// <summary>Returns one of them; null if none is left.</summary>
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

    /// <summary>Ends those that were not taken; the others belong to their users.</summary>
    public void Dispose()
    {
        while (Take() is { } process)
            process.Dispose();
        _isOver.Set();
    }

    /// <summary>A process is killed when the thread that started it ends, so this thread keeps running.</summary>
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
            return null; // the write meets the same error and reports it
        }
    }
}
