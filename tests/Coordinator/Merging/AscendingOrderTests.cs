using FsCheck;
using FsCheck.Fluent;
using HpcFit.Coordinator.Merging;

namespace HpcFit.Coordinator.Tests.Merging;

public class AscendingOrderTests
{
    public static TheoryData<string, double[]> Columns()
    {
        var random = new Random(7);
        double[] Made(Func<double> value) => [.. Enumerable.Range(0, 5_000).Select(_ => value())];
        return new()
        {
            { "even", Made(random.NextDouble) },
            { "crowded near 0", Made(() => Math.Pow(random.NextDouble(), 200)) },
            { "most alike", Made(() => random.Next(10) == 0 ? random.NextDouble() : 0.25) },
            { "all alike", Made(() => 0.5) },
            { "ascending", [.. Enumerable.Range(0, 5_000).Select(i => i / 5_000.0)] },
            { "descending", [.. Enumerable.Range(0, 5_000).Select(i => 1 - (i / 5_000.0))] },
            { "some missing", Made(() => random.Next(3) == 0 ? double.NaN : random.NextDouble()) },
            { "every size and sign", Made(() => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))) },
            {
                "the ends",
                [
                    double.PositiveInfinity,
                    double.MaxValue,
                    1,
                    double.Epsilon,
                    0,
                    -double.Epsilon,
                    -1,
                    double.MinValue,
                    double.NegativeInfinity,
                    double.NaN,
                ]
            },
        };
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Columns_are_sorted_with_the_index_of_each_number(string name, double[] values) => ShouldBeSorted(values, name);

    [Fact]
    public void Short_lists_are_too()
    {
        var numbers = Gen.Choose(-3, 3).Select(choice => choice == 3 ? double.NaN : choice * 0.3);
        Prop.ForAll(numbers.ListOf().ToArbitrary(), list => ShouldBeSorted([.. list], string.Join(' ', list))).QuickCheckThrowOnFailure();
    }

    private static void ShouldBeSorted(double[] values, string name)
    {
        var (sorted, order) = AscendingOrder.Sort(values);

        sorted.ShouldBe([.. values.Where(value => !double.IsNaN(value)).Order()], name);
        order.Select(index => values[index]).ToArray().ShouldBe(sorted, name);
        order.ShouldBeUnique(name);
    }
}
