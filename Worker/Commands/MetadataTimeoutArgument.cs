using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Worker.Commands;

/// <summary><c>--metadata-timeout</c> of the worker's verbs, in seconds.</summary>
internal static class MetadataTimeoutArgument
{
    private const double Max = 86_400;

    /// <summary>
    /// The default of jobs: the probe has just read the same files, so a slow call is more likely due to the file server than to damage.
    /// </summary>
    public static readonly TimeSpan JobDefault = TimeSpan.FromMinutes(10);

    /// <summary>Creates the option.</summary>
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

    /// <summary>Starts a watch that ends this process if a call into libhdf5 takes longer.</summary>
    public static LibraryWatch Watch(ParseResult line, Option<double> option, CancellationToken stop = default) =>
        LibraryWatch.Begin(Read(line, option), stop);
}
