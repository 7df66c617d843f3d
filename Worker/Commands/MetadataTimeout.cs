using System.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Worker.Commands;

/// <summary><c>--metadata-timeout</c> of the worker's verbs, in seconds.</summary>
internal static class MetadataTimeout
{
    private const double Most = 86_400;

    /// <summary>
    /// Of a job: the probe has read the same files a moment ago, so that a call which takes long more likely waits for a file server than for damage.
    /// </summary>
    public static readonly TimeSpan OfJobs = TimeSpan.FromMinutes(10);

    /// <summary>The option.</summary>
    public static Option<double> Create(TimeSpan limit) => new("--metadata-timeout")
    {
        Description = "Seconds that a call into the HDF5 library may take while metadata is read.",
        DefaultValueFactory = _ => limit.TotalSeconds,
    };

    /// <summary>The option's value.</summary>
    /// <exception cref="UsageException">It is no such number.</exception>
    public static TimeSpan Of(ParseResult line, Option<double> option)
    {
        var seconds = line.GetValue(option);
        return seconds is > 0 and <= Most
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"{option.Name} is {seconds}; seconds, more than 0 and at most a day, are expected.");
    }

    /// <summary>Ends this process when libhdf5 takes longer.</summary>
    public static LibraryWatch Watch(ParseResult line, Option<double> option, CancellationToken stop = default) => LibraryWatch.Begin(Of(line, option), stop);
}
