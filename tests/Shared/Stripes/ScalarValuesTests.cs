using HpcFit.Shared.Stripes;

namespace HpcFit.Shared.Tests.Stripes;

public sealed class ScalarValuesTests
{
    private static readonly float[] Stored = [1, 2, float.NaN, -1, 4, 5, 6, -1];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Values_are_found_by_row_and_element(bool asSingles)
    {
        var values = asSingles
            ? new ScalarValues(10, 3, Stored, default, 4)
            : new ScalarValues(10, 3, default, Stored.Select(value => (double)value).ToArray(), 4);
        values.AreSingles.ShouldBe(asSingles);
        values.Length.ShouldBe(8);
        (values[0, 1], values[1, 2], values.At(4)).ShouldBe((2, 6, 4));
        var element = new double[3];
        values.CopyElement(2, [1, 0, 1], element);
        element.ShouldBe([6, double.NaN, 6]);
    }
}
