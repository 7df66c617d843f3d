using System.Runtime.InteropServices;

namespace HpcFit.Coordinator.Reading;

/// <summary>Ignores signals that reach the whole process group but that only the parent handles.</summary>
internal sealed class IgnoredSignals : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly PosixSignalRegistration[] _registrations = Array.ConvertAll(
        Signals,
        signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true)
    );

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }
}
