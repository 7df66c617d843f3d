using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Tests.Elements;

public sealed class ResultBlockTests
{
    private static readonly ElementStatus[] Status =
    [
        ElementStatus.UserCodeFailed,
        ElementStatus.Fitted,
        ElementStatus.TooFewSubjects,
        ElementStatus.UserCodeTimedOut,
        ElementStatus.NotInRun,
        ElementStatus.Fitted,
    ];

    private readonly double[] _columns = [double.NaN, 1, 2, double.NaN, double.NaN, 5, double.NaN, 10, 20, double.NaN, double.NaN, 50];

    private ResultBlock Block => new(new(100, 106), _columns, Status.ToArray());

    [Fact]
    public void A_part_is_a_view_of_the_same_memory()
    {
        var part = Block.Slice(new(101, 103));
        (part.Elements, part.Count, part.Width, part.IsContiguous).ShouldBe((new ElementRange(101, 103), 2, 2, false));
        part.Column(0).ToArray().ShouldBe([1, 2]);
        part.Column(1).ToArray().ShouldBe([10, 20]);
        part[1, 0] = 11;
        _columns[7].ShouldBe(11);
        part.Slice(new(102, 103)).FillWithNaN();
        _columns.ShouldBe([double.NaN, 1, double.NaN, double.NaN, double.NaN, 5, double.NaN, 11, double.NaN, double.NaN, double.NaN, 50]);
        Should.Throw<InvalidOperationException>(() => part.Columns().ToArray());
        Block.Columns().ToArray().ShouldBe(_columns);
    }

    [Fact]
    public void Elements_with_given_codes_are_left_out()
    {
        var parts = Block.Without([ElementStatus.UserCodeFailed, ElementStatus.UserCodeTimedOut, ElementStatus.NotInRun]);
        parts.Select(part => part.Elements).ShouldBe([new(101, 103), new(105, 106)]);
        parts[0].Column(0).ToArray().ShouldBe([1, 2]);
        parts[0].Column(1).ToArray().ShouldBe([10, 20]);
        parts[1].Column(1).ToArray().ShouldBe([50]);
        parts[0].Status.ToArray().ShouldBe([ElementStatus.Fitted, ElementStatus.TooFewSubjects]);
        Block.Without([ElementStatus.NotInRun]).Select(part => part.Elements).ShouldBe([new(100, 104), new(105, 106)]);
    }

    [Fact]
    public void Lengths_that_contradict_each_other_are_refused()
    {
        Should.Throw<ArgumentException>(() => new ResultBlock(new(0, 3), new double[6], new ElementStatus[2]));
        Should.Throw<ArgumentException>(() => new ResultBlock(new(0, 3), new double[7], new ElementStatus[3]));
    }
}
