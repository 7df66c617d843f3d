using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Reading;

/// <summary>
/// A verb that reads possibly damaged HDF5 files, executed by a child of this program with the same streams: if libhdf5 crashes there, this
/// process reports which file it was reading (docs/decisions/reading-in-a-child.md).
/// </summary>
internal static class SupervisedVerb
{
    private const string Hidden = "supervised";
    private const int SignalBase = 128;

    private static readonly HashSet<string> Verbs = ["inspect", "top", "compare", "export-table", "export", "rechunk"];
    private static readonly PosixSignal[] Stopping = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    /// <summary>Whether a command line is to be executed in a child.</summary>
    public static bool Is(IReadOnlyList<string> arguments) => arguments.Count > 0 && Verbs.Contains(arguments[0]);

    /// <summary>In the child: the verb's own command line; null if this process is not such a child.</summary>
    /// <param name="arguments">This process's arguments.</param>
    public static string[]? Arguments(string[] arguments)
    {
        if (arguments is not [Hidden, var parent, .. var verb])
            return null;
        if (!Posix.DieWithParent(int.Parse(parent, CultureInfo.InvariantCulture)))
            Environment.Exit((int)ExitCode.Cancelled);
        return verb;
    }

    /// <summary>In the parent: executes a verb in a child.</summary>
    /// <returns>The child's exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments) =>
        ExceptionBoundary.Guard(() =>
        {
            using var record = OpenFileRecord.Create();
            var start = new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "hpcfit"),
                [Hidden, $"{Environment.ProcessId}", .. arguments]
            );
            record.PassTo(start);
            using var process = Process.Start(start)!;
            var signals = Array.ConvertAll(Stopping, signal => PosixSignalRegistration.Create(signal, Forward(process)));
            process.WaitForExit();
            foreach (var signal in signals)
                signal.Dispose();
            return Ending(process.ExitCode, record.Read());
        });

    private static ExitCode Ending(int status, string? file)
    {
        if (ChildCrash.Explain(status, file) is { } crash)
            throw crash;
        if (status <= SignalBase)
            return (ExitCode)status;
        if (status - SignalBase is 1 or 2 or 15)
            throw new OperationCanceledException(); // SIGHUP, SIGINT, SIGTERM, before it could handle them
        Console.Error.WriteLine($"The reading process was ended by signal {status - SignalBase}.");
        return (ExitCode)status;
    }

    /// <summary>
    /// The first signal asks the child to stop, the second ends it. Always SIGTERM: Ctrl-C at a terminal has already reached the child, and
    /// its second SIGINT ends it.
    /// </summary>
    private static Action<PosixSignalContext> Forward(Process process)
    {
        var count = 0;
        return context =>
        {
            context.Cancel = true;
            if (Interlocked.Increment(ref count) == 1)
                Posix.Terminate(process.Id);
            else
                process.Kill();
        };
    }
}
