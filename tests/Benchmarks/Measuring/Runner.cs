using System.Diagnostics;
using System.Globalization;

namespace HpcFit.Benchmarks.Measuring;

/// <summary>
/// Runs a program and measures it. A second copy of this program runs between this process and the measured program and has no other
/// children, so that the kernel's counts belong to this run alone.
/// </summary>
internal static class Runner
{
    /// <summary>The hidden verb of the intermediate copy.</summary>
    public const string Verb = "measure";

    /// <summary>Runs a program to its end.</summary>
    public static Measured Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var figures = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(
                Environment.ProcessPath!,
                [typeof(Runner).Assembly.Location, Verb, figures, program, .. arguments]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var (name, value) in environment ?? new Dictionary<string, string>())
                start.Environment[name] = value;
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var numbers = File.ReadAllText(figures).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length != 3)
                throw new InvalidOperationException($"'{program}' could not be measured:\n{errors.GetAwaiter().GetResult()}");
            return new(
                Number(numbers[0]),
                Number(numbers[1]),
                (long)Number(numbers[2]),
                process.ExitCode,
                output,
                errors.GetAwaiter().GetResult()
            );
        }
        finally
        {
            File.Delete(figures);
        }
    }

    /// <summary>The intermediate copy: starts the program on its own streams, waits, and writes three figures to a file.</summary>
    public static int Between(string figures, string program, IReadOnlyList<string> arguments)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (processor, peak) = ChildUsage.Read();
        File.WriteAllText(figures, string.Create(CultureInfo.InvariantCulture, $"{seconds} {processor} {peak}"));
        return process.ExitCode;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
