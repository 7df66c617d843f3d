using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hosting;

/// <summary>
/// The only handler of a program's signals. SIGINT, SIGTERM, SIGHUP (a closed terminal) and SIGUSR1 (Slurm's warning) cancel
/// <see cref="Token"/>, so that the current block is finished and published; a second SIGINT ends the process at once.
/// </summary>
public sealed class StopSignals : IDisposable
{
    private const PosixSignal UserDefined1 = (PosixSignal)10; // SIGUSR1 on x86-64 Linux; PosixSignal has no name for it
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenSource _atOnce = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _interrupts;

    /// <summary>Handles the signals until <see cref="Dispose"/>.</summary>
    public StopSignals() =>
        _registrations = [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInterrupt),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop),
            PosixSignalRegistration.Create(UserDefined1, Stop),
        ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Cancelled by the second SIGINT, just before the process ends: the last opportunity to end child processes.</summary>
    public CancellationToken AtOnce => _atOnce.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
        _atOnce.Dispose();
    }

    private void OnInterrupt(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _interrupts) == 1)
            Stop(context);
        // Left to the default action, the second one ends the process as the shell expects (status 130).
        else
            _atOnce.Cancel();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _source.Cancel();
    }
}
