using System.Text.Json;

namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>The outcome of a measured program.</summary>
/// <param name="ExitCode">Its exit code; negative: the signal that ended it; null: it was killed because it took too long.</param>
/// <param name="PeakBytes">The peak resident memory of the program or one of its children.</param>
/// <param name="Words">Its output.</param>
internal sealed record MeasuredEnd(int? ExitCode, long PeakBytes, string Words);

/// <summary>Runs many programs, a few at a time, and measures their memory.</summary>
internal static class MeasuredPrograms
{
    private const int AtATime = 3;
    private const int MostSeconds = 100;

    /// <summary>The outcomes, in the order of the commands.</summary>
    public static async Task<List<MeasuredEnd>> RunAsync(IEnumerable<string[]> commands)
    {
        var start = new System.Diagnostics.ProcessStartInfo(
            Python.Path,
            [RepositoryRoot.Combine("tests", "EndToEnd", "python", "measure_many.py"), $"{AtATime}", $"{MostSeconds}"]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        foreach (var command in commands)
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command));
        process.StandardInput.Close();
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
        return [.. lines.Select(line => JsonSerializer.Deserialize<MeasuredEnd>(line)!)];
    }
}
