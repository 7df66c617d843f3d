using System.ComponentModel;
using System.Diagnostics;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>
/// A writing process that is started before there is anything to write: a short run would wait for it longer than for the write. It knows no
/// file until <see cref="ChildWriter"/> names it one. It is a head start and nothing more: where it cannot be started, or is gone, a write starts its own.
/// </summary>
internal sealed class ReadyChild : IDisposable
{
    private readonly TaskCompletionSource<Process?> _starting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _isOver = new();
    private bool _isBegun;
    private bool _isTaken;

    /// <summary>Begins to start it, unless that was done before.</summary>
    public void Begin()
    {
        if (_isBegun) return;
        _isBegun = true;
        new Thread(Attend) { Name = "writing child", IsBackground = true }.Start();
    }

    /// <summary>Hands it over, once; null when there is none.</summary>
    public Process? Take()
    {
        if (!_isBegun || _isTaken || _starting.Task.GetAwaiter().GetResult() is not { HasExited: false } process) return null;
        _isTaken = true;
        return process;
    }

    /// <summary>Ends it, unless it was taken; who took it is done with it.</summary>
    public void Dispose()
    {
        if (Take() is { } process)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        _isOver.Set();
    }

    /// <summary>The process dies with the thread that started it, so this one stays.</summary>
    private void Attend()
    {
        try
        {
            _starting.SetResult(ChildWriter.StartProcess());
        }
        catch (Exception refusal) when (refusal is Win32Exception or HpcFitException)
        {
            // The write meets the same refusal, and tells it.
            _starting.SetResult(null);
        }
        _isOver.Wait();
    }
}
