using System.Runtime.InteropServices;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Commands;

/// <summary>
/// <c>hpcfit-worker tails</c>: upper tail probabilities of F for the coordinator's comparisons, so that these have the same bits as those
/// of fits. Standard input contains triples of doubles, F and its two degrees of freedom, until it ends; then standard output receives
/// one double per triple.
/// </summary>
internal static class TailsCommand
{
    /// <summary>The verb, which no user types.</summary>
    public const string Verb = "tails";

    /// <summary>Answers until standard input ends.</summary>
    public static int Run()
    {
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        using var questions = new MemoryStream();
        input.CopyTo(questions);
        var values = MemoryMarshal.Cast<byte, double>(questions.GetBuffer().AsSpan(0, (int)questions.Length));
        var answers = new double[values.Length / 3];
        for (var i = 0; i < answers.Length; i++)
            answers[i] = FisherF.UpperP(values[3 * i], values[(3 * i) + 1], values[(3 * i) + 2]);
        output.Write(MemoryMarshal.AsBytes<double>(answers));
        output.Flush();
        return (int)ExitCode.Success;
    }
}
