using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Reading;

/// <summary>
/// The process that reads HDF5 files for a command that must survive damaged ones: <c>hpcfit read-child SECONDS</c>, started only by
/// <see cref="ReadingChild"/>. Standard input contains questions (<see cref="ArgumentLists"/>: <c>metadata FILE</c>), standard output the
/// answers, each preceded by its length.
/// </summary>
internal static class ReadChild
{
    /// <summary>The hidden verb.</summary>
    public const string Verb = "read-child";

    /// <summary>The question for a <see cref="ModelArrayFile"/>.</summary>
    public const string Metadata = "metadata";

    /// <summary>The same question, allowing values in files outside the folder of the file.</summary>
    public const string MetadataAnywhere = "metadata-anywhere";

    /// <summary>The same question about a file that may have analyses and no scalars.</summary>
    public const string MetadataOfAny = "metadata-of-any";

    /// <summary>The question for the analyses of a file, which may have no scalars.</summary>
    public const string Analyses = "analyses";

    /// <summary>The question for what is stored about the fits of a file's analyses.</summary>
    public const string Records = "records";

    /// <summary>Answers questions until standard input ends.</summary>
    public static int Run(string[] arguments)
    {
        using var signals = new IgnoredSignals();
        using var watch = LibraryWatch.Begin(
            TimeSpan.FromSeconds(double.Parse(arguments[1], CultureInfo.InvariantCulture)),
            CancellationToken.None
        );
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        while (ArgumentLists.Read(input) is { } question)
        {
            var answer = JsonSerializer.SerializeToUtf8Bytes(Answer(question), ReadingJson.Default.ReadAnswer);
            output.Write(BitConverter.GetBytes(answer.Length));
            output.Write(answer);
            output.Flush();
        }
        return (int)ExitCode.Success;
    }

    private static ReadAnswer Answer(string[] question)
    {
        try
        {
            return question switch
            {
                [Metadata, var file] => new() { Metadata = ModelArrayFile.Open(file) },
                [MetadataAnywhere, var file] => new() { Metadata = ModelArrayFile.Open(file, allowsExternal: true) },
                [MetadataOfAny, var file] => new() { Metadata = ModelArrayFile.OpenAny(file) },
                [Records, var file] => new() { Records = ModelArrayFile.ReadRecords(file) },
                [Analyses, var file] => new() { Analyses = ModelArrayFile.ReadAnalyses(file) },
                _ => throw new InvalidDataException(
                    $"Unknown question '{string.Join(' ', question)}': the two ends of the pipe are different programs."
                ),
            };
        }
        catch (HpcFitException refusal)
        {
            return new() { Error = refusal.Message, ExitCode = refusal.ExitCode };
        }
    }
}

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
