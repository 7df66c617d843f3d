using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Tests.Algebra;

public sealed class ReferenceLeastSquaresTests
{
    private static readonly double[] Response = [2.5, 3.1, 4.8, 5.2, 7.9, 8.1, 9.7, 12.2];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_agrees_with_the_pivoted_factorisation(bool isAliased)
    {
        double[] age = [3, 5, 8, 9, 12, 14, 17, 21],
            motion = [1, 4, 2, 2, 7, 1, 9, 3];
        double[] x =
        [
            .. Enumerable.Repeat(1.0, 8),
            .. age,
            .. isAliased ? age.Select(a => (2 * a) - 1) : motion,
            .. motion.Select(m => m * m),
        ];
        var (expected, got) = (Solve(new PivotedQr(8, 4), x, 4), Solve(new ReferenceLeastSquares(8, 4), x, 4));

        expected.Pivots.ShouldBe(isAliased ? [0, 1, 3, 2] : [0, 1, 2, 3]);
        got.Pivots.ShouldBe(expected.Pivots);
        got.Values.Length.ShouldBe(expected.Values.Length);
        for (var i = 0; i < got.Values.Length; i++)
            got.Values[i].ShouldBe(expected.Values[i], 1e-12 * (1 + Math.Abs(expected.Values[i])));
    }

    [Fact]
    public void Without_a_column_in_the_model_the_response_is_the_residual()
    {
        var (pivots, values) = Solve(new ReferenceLeastSquares(8, 4), new double[8], 1);
        pivots.ShouldBe([0]);
        values.ShouldHaveSingleItem().ShouldBe(Response.Sum(y => y * y), 1e-12);
    }

    /// <summary>Pivots; and residual sum of squares, estimates and unscaled variances.</summary>
    private static (int[] Pivots, double[] Values) Solve(ILeastSquares factors, double[] x, int columns)
    {
        factors.Factor(x, 8, columns);
        var (y, variances, rank) = ((double[])Response.Clone(), new double[columns], factors.Rank);
        factors.ApplyTransposed(y);
        var residual = y[rank..].Sum(value => value * value);
        factors.BackSubstitute(y);
        factors.UnscaledVariances(variances, new double[columns]);
        return (factors.Pivots.ToArray(), [residual, .. y[..rank], .. variances[..rank]]);
    }
}
