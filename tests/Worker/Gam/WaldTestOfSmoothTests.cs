using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Testing;

namespace HpcFit.Worker.Tests.Gam;

public sealed class WaldTestOfSmoothTests
{
    // mgcv 1.8-41 prints Ref.df 0.2495, F 0.1440 and p 0.8502 for s(Age):siteA of FD ~ site + s(Age) + s(Age, by=site) where its straight
    // line was dropped as collinear: F has the remaining rank, p is that of one function.
    [Fact]
    public void Less_than_one_degree_of_freedom_tests_one_function()
    {
        var covariance = new DenseMatrix(2, 2) { [0, 0] = 4, [1, 1] = 1 };
        var test = new WaldTestOfSmooth(2);
        test.Run([2 * Math.Sqrt(0.143998833 * 0.2495059), 0.01], covariance, 0.2495059);
        test.Rank.ShouldBe(0.2495059);
        (test.Statistic / test.Rank).ShouldBe(0.143998833, 1e-12);
        test.PValue(70, SmoothPValues.Accurate).ShouldBe(FisherF.UpperP(0.143998833 * 0.2495059, 1, 70));
        test.PValue(70, SmoothPValues.Accurate).ShouldBe(0.8502, 1e-4);
    }

    // mgcv 1.8-41: mgcv:::testStat(c(0.38, 0.01), diag(2), diag(c(4, 1)), rank=0.25, type=0, res.df=70.2)
    [Fact]
    public void Davies_method_takes_less_than_one_degree_of_freedom_for_one_function()
    {
        var test = new WaldTestOfSmooth(2);
        test.Run([0.38, 0.01], new DenseMatrix(2, 2) { [0, 0] = 4, [1, 1] = 1 }, 0.25);
        test.PValue(70.2, SmoothPValues.Davies).ShouldBe(0.84985941298079082, 1e-12);
    }

    // mgcv 1.8-41: mgcv:::testStat(score * sqrt(9:1), diag(9), diag(9:1), rank=8.6, type=0, res.df=200.7). psum.chisq
    // gives 1 by a bound, then 1.000001, 1.000003 and 0.998955.
    [Theory]
    [InlineData(0.10, 1)]
    [InlineData(0.12, 0.99999982185447411)]
    [InlineData(0.15, 0.99999882210585911)]
    [InlineData(0.35, 0.99895453778093057)]
    public void An_F_tail_replaces_values_of_Davies_method_above_1(double score, double expected)
    {
        var test = new WaldTestOfSmooth(9);
        var covariance = new DenseMatrix(9, 9);
        for (var i = 0; i < 9; i++)
            covariance[i, i] = 9 - i;
        test.Run([.. Enumerable.Range(0, 9).Select(i => score * Math.Sqrt(9 - i))], covariance, 8.6);
        test.PValue(200.7, SmoothPValues.Davies).ShouldBe(expected, 1e-12);
    }
}
