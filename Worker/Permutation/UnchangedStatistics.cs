using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Shuffling;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// Counts the shuffles of a list that give a hypothesis the statistic of the unpermuted data whatever the data are, such as exchanges
/// within one of two groups that are compared: no p-value is less than their share of the list.
/// </summary>
/// <remarks>
/// Such a shuffle maps the tested space and the span of the model matrix onto themselves. That is not examined as such, because it would
/// be another condition for every method. The statistic of shuffled data is an analytic function of the data, so that two which agree at
/// random data agree at all, with probability one; and these are compared as they are where p-values are counted.
/// </remarks>
internal sealed class UnchangedStatistics : StatisticReceiver
{
    /// <summary>Longer lists are not examined: about half a second on one core.</summary>
    private const double MostOperations = 2e10;

    /// <summary>What one row of a shuffle costs that is drawn.</summary>
    private const double OperationsPerDraw = 800;

    /// <summary>What the z of one statistic costs where degrees of freedom differ.</summary>
    private const double OperationsPerScore = 5e4;

    /// <summary>Elements with random data: shuffles whose statistics agree at one of them by chance do not at the others.</summary>
    private const int Elements = 4;

    /// <summary>Relative to a statistic, or to 1 if that is more: rounding is far below, and differences are far above.</summary>
    private const double Tolerance = 1e-10;

    private readonly IReadOnlyList<PermutedHypothesis> _hypotheses;
    private readonly double[] _unpermuted;
    private readonly long[] _counts;

    private UnchangedStatistics(IReadOnlyList<PermutedHypothesis> hypotheses)
    {
        _hypotheses = hypotheses;
        (_unpermuted, _counts) = (new double[hypotheses.Count * Elements], new long[hypotheses.Count]);
    }

    /// <summary>The hypotheses with their counts, which are null where a list is too long to be examined.</summary>
    /// <param name="engine">The model of the fits.</param>
    /// <param name="tests">The tests.</param>
    /// <param name="hypotheses">The hypotheses of all lists.</param>
    public static IReadOnlyList<PermutedHypothesis> Count(
        LinearEngine engine,
        DesignTests tests,
        IReadOnlyList<PermutedHypothesis> hypotheses
    )
    {
        var counted = hypotheses.ToArray();
        foreach (var list in tests.Lists.Where(list => Operations(list) <= MostOperations))
        {
            var residuals = new ResidualTiles(engine, tests.Design, list.Method);
            residuals.Compute(RandomResponses(list.Method.Design.Rows), Elements);
            var found = new UnchangedStatistics(hypotheses);
            new ShufflePass(list.Shuffles, list.Method, list.Places, engine.Kernel).Run(residuals, new(0, list.Shuffles.Count), found);
            foreach (var place in list.Places)
                counted[place] = hypotheses[place] with { Unchanged = found._counts[place] };
        }
        return counted;
    }

    /// <inheritdoc/>
    public override void Receive(int hypothesis, long shuffle, int tile, Span<double> statistics)
    {
        var unpermuted = _unpermuted.AsSpan(hypothesis * Elements, Elements);
        if (shuffle == 0)
            statistics[..Elements].CopyTo(unpermuted);
        // All of the elements have the same sign of the ratio, because the function of the data is the same.
        if (Agree(statistics, unpermuted, 1) || (_hypotheses[hypothesis].Side == TestedSide.Both && Agree(statistics, unpermuted, -1)))
            _counts[hypothesis]++;
    }

    private static bool Agree(ReadOnlySpan<double> statistics, ReadOnlySpan<double> unpermuted, double sign)
    {
        for (var element = 0; element < Elements; element++)
        {
            var margin = Tolerance * Math.Max(1, Math.Abs(unpermuted[element]));
            // Not so for NaN: a shuffle without a statistic is never as extreme.
            if (!(Math.Abs((sign * statistics[element]) - unpermuted[element]) <= margin))
                return false;
        }
        return true;
    }

    private static double Operations(TestedHypotheses list)
    {
        var product = 2.0 * TileKernel.Width * list.Method.Design.Rows * list.Method.Columns;
        var ofScores = list.Method.AreScores ? list.Places.Count * (product + (Elements * OperationsPerScore)) : 0;
        return list.Shuffles.Count * ((OperationsPerDraw * list.Method.Design.Rows) + product + ofScores);
    }

    /// <summary>The same for every run: uniform between -1 and 1.</summary>
    private static double[] RandomResponses(int rows)
    {
        var choices = new DrawnChoices(seed: 1, shuffle: 0, attempt: 0);
        var responses = new double[rows * TileKernel.Width];
        for (var row = 0; row < rows; row++)
        for (var element = 0; element < Elements; element++)
            responses[(row * TileKernel.Width) + element] = (2.0 * choices.Next(int.MaxValue) / int.MaxValue) - 1;
        return responses;
    }
}
