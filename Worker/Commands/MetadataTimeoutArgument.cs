using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Worker.Commands;

/// <summary><c>--metadata-timeout</c> of the worker's verbs, in seconds.</summary>
internal static class MetadataTimeoutArgument
{
    private const double Max = 86_400;

    /// <summary>
    /// Of a job: the probe has read the same files a moment ago, so that a call which takes long more likely waits for a file server than
    /// for damage.
    /// </summary>
    public static readonly TimeSpan OfJobs = TimeSpan.FromMinutes(10);

    /// <summary>The option.</summary>
    public static Option<double> Create(TimeSpan limit) =>
        NumberOption.Create(
            "--metadata-timeout",
            "seconds that a call into the HDF5 library may take while metadata is read",
            limit.TotalSeconds,
            seconds => seconds is > 0 and <= Max,
            "a number of seconds, above 0 and at most a day,"
        );

    /// <summary>The option's value.</summary>
    public static TimeSpan Read(ParseResult line, Option<double> option) => TimeSpan.FromSeconds(line.GetValue(option));

    /// <summary>Ends this process when libhdf5 takes longer.</summary>
    public static LibraryWatch Watch(ParseResult line, Option<double> option, CancellationToken stop = default) =>
        LibraryWatch.Begin(Read(line, option), stop);
}
