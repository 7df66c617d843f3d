using System.Diagnostics;
using System.Runtime.InteropServices;
using HpcFit.Coordinator.Launching;

namespace HpcFit.Coordinator.Comparing;

/// <summary>Upper tail probabilities, computed by the worker program: p-values have the same bits as those of fits.</summary>
internal static class TailProbabilities
{
    private const string Verb = "tails";

    /// <summary>P(F > f) of each element; NaN if an argument is NaN. Infinite denominator degrees of freedom give χ² divided by its
    /// degrees.</summary>
    /// <param name="f">The statistics.</param>
    /// <param name="numerator">Their numerator degrees of freedom.</param>
    /// <param name="denominator">Their denominator degrees of freedom.</param>
    /// <param name="token">Ends the worker.</param>
    public static double[] OfF(double[] f, double[] numerator, double[] denominator, CancellationToken token)
    {
        var questions = new double[3 * f.Length];
        for (var i = 0; i < f.Length; i++)
            (questions[3 * i], questions[(3 * i) + 1], questions[(3 * i) + 2]) = (f[i], numerator[i], denominator[i]);
        var answers = new double[f.Length];
        using var process = Process.Start(WorkerProgram.Start(Verb))!;
        using var stop = token.Register(process.Kill);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            using (var input = process.StandardInput.BaseStream)
                input.Write(MemoryMarshal.AsBytes<double>(questions));
            process.StandardOutput.BaseStream.ReadExactly(MemoryMarshal.AsBytes(answers.AsSpan()));
        }
        catch (IOException broken) // the worker ended early: its own words give the cause
        {
            token.ThrowIfCancellationRequested();
            process.WaitForExit();
            throw new InvalidOperationException(
                $"'hpcfit-worker {Verb}' ended with exit code {process.ExitCode}. It wrote:\n{errors.GetAwaiter().GetResult()}",
                broken
            );
        }
        process.WaitForExit();
        return answers;
    }
}
