using HpcFit.Shared.Elements;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;
using HpcFit.Worker.Probing;

namespace HpcFit.Worker.Tests.Pipeline;

public class MissingCountsTests
{
    /// <summary>Of the four subjects, which are in another order in the second scalar, the last one is not fitted.</summary>
    [Fact]
    public void Elements_and_subjects_are_counted()
    {
        const double No = double.NaN;
        double[] first =
        [
            .. (double[])[1, No, 1, No, 1, 1],
            .. (double[])[1, 1, 1, No, 1, 1],
            .. (double[])[1, 1, 1, No, 1, No],
            .. (double[])[1, 1, No, 1, No, 1],
        ];
        double[] second =
        [
            .. (double[])[1, 1, 1, No, 1, 1],
            .. (double[])[1, 1, 1, No, double.PositiveInfinity, 1],
            .. (double[])[1, No, 1, No, 1, 1],
            .. (double[])[No, 1, 1, 1, 1, 1],
        ];
        var block = new ScalarBlock(
            new[] { new ScalarValues(10, 6, default, first, 6), new ScalarValues(10, 6, default, second, 6) },
            [
                [0, 1, 2, 3],
                [2, 1, 0, 3],
            ]
        );
        var counts = new MissingCounts([0, 1, 2], subjects: 4);
        counts.Add(block, new(new[] { new ElementRange(10, 12), new ElementRange(13, 15) }));
        // 10 is complete, 11 misses subject 0 in both scalars, 13 all of them, 14 subject 1; 12 is not in the run.
        var sample = counts.Sample(elements: 4);
        (sample.Examined, sample.Complete, sample.Incomplete, sample.IsWhole).ShouldBe((4, 1, 2, true));
        sample.MissingAt.ShouldBe([1, 1, 0, 0]);
        counts.Sample(elements: 5).IsWhole.ShouldBeFalse();
    }
}
