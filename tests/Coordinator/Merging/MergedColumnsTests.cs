using HpcFit.Coordinator.Merging;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Tests.Merging;

public sealed class MergedColumnsTests : IDisposable
{
    private const long TotalElements = 100;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpcfit-merge-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Rows_have_the_users_order()
    {
        using var merged = Merge([new(50, 53), new(7, 8), new(10, 12)], fullLength: false, (0, 20), (40, 20));
        Column(merged, 0).ShouldBe([50, 51, 52, 7, 10, 11]);
        Column(merged, 1).ShouldBe([0.50, 0.51, 0.52, 0.07, 0.10, 0.11]);
    }

    [Fact]
    public void Full_length_has_NaN_and_a_code_outside_the_run()
    {
        using var merged = Merge([new(50, 53)], fullLength: true, (45, 10));
        merged.Rows.ShouldBe(TotalElements);
        var (values, codes) = (Column(merged, 1), new ElementStatus[TotalElements]);
        merged.ReadStatus(codes);
        for (var element = 0; element < TotalElements; element++)
        {
            // The block holds neighbours of the subset too: they were not asked for and stay out.
            var isIn = element is >= 50 and < 53;
            double.IsNaN(values[element]).ShouldBe(!isIn);
            codes[element].ShouldBe(isIn ? ElementStatus.RankDeficient : ElementStatus.NotInRun);
        }
    }

    [Fact]
    public void P_values_are_corrected_over_all_elements_of_the_run_whatever_the_blocks()
    {
        using var whole = Merge([], fullLength: false, (0, 100));
        using var pieces = Merge([], fullLength: false, (60, 40), (0, 33), (33, 27));
        var expected = new double[TotalElements];
        PValueCorrection.Correct(CorrectionMethod.Holm, Column(whole, 1), expected);
        Column(whole, 2).ShouldBe(expected);
        Column(pieces, 2).ShouldBe(expected);
    }

    [Fact]
    public void A_run_with_gaps_is_refused_and_the_gaps_are_reported()
    {
        var refusal = Should.Throw<IncompleteRunException>(() => Merge([], fullLength: false, (0, 30), (40, 60)));
        refusal.Message.ShouldContain("31:40");
        refusal.Message.ShouldContain("resume");
    }

    private static double[] Column(MergedColumns merged, int column)
    {
        var values = new double[merged.Rows];
        merged.ReadColumn(column, values);
        return values;
    }

    private MergedColumns Merge(ElementRange[] subset, bool fullLength, params (long First, int Count)[] blocks)
    {
        var document = new RunDocument
        {
            Digest = "d",
            Spec = new()
            {
                Model = new() { Engine = "lm", Formula = "y ~ x" },
                Data = [],
                Elements = subset,
            },
            Inputs = new()
            {
                NumericVersion = 1,
                TotalElements = TotalElements,
                Scalars = [],
                CohortDigest = "",
            },
            Layout = new(
                ["p"],
                [
                    new("element_id", ResultSource.ElementId),
                    new("p", ResultSource.Partial, 0),
                    new("p.holm", ResultSource.Correction, 0, CorrectionMethod.Holm),
                ]
            ),
            Estimates = new()
            {
                ElementsPerStripe = 10,
                Stripes = 10,
                SecondsPerElement = 1,
                BaseBytes = 1,
                BytesPerThread = 1,
            },
            Files = [],
            ProgramVersion = "0",
            Created = DateTimeOffset.UnixEpoch,
        };
        var run = RunDirectory.CreateOrOpen(Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N")), document);
        foreach (var (first, count) in blocks)
        {
            var attempt = AttemptId.New(new(1), new(0));
            using var writer = PartialWriter.Create(run.PartialFile(attempt), new("d", attempt, "host", ["p"]));
            var values = Enumerable.Range(0, count).Select(e => (first + e) / 100.0).ToArray();
            writer.Append(new(new(first, first + count), values, Enumerable.Repeat(ElementStatus.RankDeficient, count).ToArray()));
            writer.Complete();
        }
        return new(Coverage.Read(run, CancellationToken.None), document, fullLength);
    }
}
