using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Options;

/// <summary><c>--metadata-timeout</c>: how long a call into libhdf5 may take before the file counts as damaged.</summary>
internal static class MetadataTimeoutOption
{
    private const string Name = "--metadata-timeout";

    private static readonly Option<string?> Option = TextOption.Optional(
        Name,
        "TIME",
        "give up on a file whose metadata the HDF5 library cannot read within this time (default: 60s)",
        text => DurationText.Parse(Name, text)
    );

    /// <summary>Adds the option to verbs.</summary>
    /// <param name="commands">All verbs.</param>
    /// <param name="names">The verbs that read HDF5 files.</param>
    public static void AddTo(IEnumerable<Command> commands, params IReadOnlyList<string> names)
    {
        foreach (var command in commands.Where(command => names.Contains(command.Name)))
            command.Options.Add(Option);
    }

    /// <summary>The option's value.</summary>
    public static TimeSpan Read(ParseResult line) => Typed(line) ?? LibraryWatch.DefaultLimit;

    /// <summary>The option's value; null if absent, because workers that fit have another default.</summary>
    public static TimeSpan? Typed(ParseResult line) => line.GetValue(Option) is { } text ? DurationText.Parse(Name, text) : null;

    /// <summary>Ends this process if a call of libhdf5 takes longer, or does not return after a request to stop.</summary>
    public static LibraryWatch Watch(ParseResult line, CancellationToken stop) => LibraryWatch.Begin(Read(line), stop);
}
