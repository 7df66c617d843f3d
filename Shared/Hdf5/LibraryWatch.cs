using System.Globalization;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Ends this process if libhdf5 does not return: on some damaged files it loops forever, and a thread inside a native library cannot be
/// stopped in another way. For reading metadata, where a call takes milliseconds; each call that returns counts as progress.
/// </summary>
public sealed class LibraryWatch : IDisposable
{
    /// <summary>The default of <c>--metadata-timeout</c>.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(60);

    /// <summary>How long a call may continue after the request to stop.</summary>
    private static readonly TimeSpan GraceAfterStop = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private static long _returned;
    private readonly TimeSpan _limit;
    private readonly CancellationToken _stop;
    private readonly ManualResetEventSlim _over = new();

    private LibraryWatch(TimeSpan limit, CancellationToken stop) => (_limit, _stop) = (limit, stop);

    /// <summary>Starts watching until <see cref="Dispose"/>.</summary>
    /// <param name="limit">How long one call may take.</param>
    /// <param name="stop">The request to stop this process.</param>
    public static LibraryWatch Begin(TimeSpan limit, CancellationToken stop)
    {
        var watch = new LibraryWatch(limit, stop);
        new Thread(watch.Watch) { Name = "libhdf5 watch", IsBackground = true }.Start();
        return watch;
    }

    /// <summary>The message for a file on which libhdf5 did not return.</summary>
    public static string Sentence(string file, TimeSpan limit) =>
        $"'{file}' is probably damaged: the HDF5 library made no progress in it for "
        + $"{limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s. "
        + "Check it with h5dump, or restore it from its source. If it is sound and its file system slow, allow more time with "
        + "--metadata-timeout.";

    /// <inheritdoc/>
    public void Dispose() => _over.Set();

    /// <summary>Counts a call that has returned, or a callback from the library. Called under the library's lock.</summary>
    public static void CallReturned() => Volatile.Write(ref _returned, _returned + 1);

    private void Watch()
    {
        var pause = _limit / 4 < LongestPause ? _limit / 4 : LongestPause;
        var (last, waited, stopped) = (-1L, TimeSpan.Zero, TimeSpan.Zero);
        while (!_over.Wait(pause))
        {
            var now = Volatile.Read(ref _returned);
            if (now != last || !Hdf5Library.IsBusy)
            {
                (last, waited, stopped) = (now, TimeSpan.Zero, TimeSpan.Zero);
                continue;
            }
            waited += pause;
            if (_stop.IsCancellationRequested)
                stopped += pause;
            if (waited >= _limit)
                End(ExitCode.BadInput, Sentence(OpenFileRecord.Current, _limit));
            if (stopped >= GraceAfterStop)
                End(ExitCode.Cancelled, $"Stopped on request, while the HDF5 library was reading '{OpenFileRecord.Current}'.");
        }
    }

    private static void End(ExitCode code, string sentence)
    {
        Console.Error.WriteLine(sentence);
        // At once: an ordinary exit would wait for the thread inside the library.
        Posix.ExitAtOnce((int)code);
    }
}
