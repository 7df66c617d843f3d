using System.Diagnostics;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Launching;

/// <summary>The program <c>hpcfit-worker</c>, which is in the same folder as this one.</summary>
internal static class WorkerProgram
{
    /// <summary>Names another place for it.</summary>
    public const string Variable = "HPCFIT_WORKER";

    /// <summary>Its path.</summary>
    /// <exception cref="BadInputException">It is not there.</exception>
    public static string Path { get; } = Find();

    /// <summary>How one of its verbs is started, with all streams in this program's hands.</summary>
    public static ProcessStartInfo Start(params IEnumerable<string> arguments) =>
        new(Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    /// <summary>The same, with a record of the HDF5 file that it has open.</summary>
    public static ProcessStartInfo Start(OpenFileRecord record, params IEnumerable<string> arguments)
    {
        var start = Start(arguments);
        record.PassTo(start);
        return start;
    }

    private static string Find()
    {
        var path = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? named
            : System.IO.Path.Combine(AppContext.BaseDirectory, "hpcfit-worker");
        return File.Exists(path)
            ? path
            : throw new BadInputException(
                $"The worker program '{path}' is not there. Publish both programs into one folder, or name it in {Variable}."
            );
    }
}
