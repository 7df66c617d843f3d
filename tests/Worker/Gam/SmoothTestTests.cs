using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Algebra;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Tests.Gam;

public sealed class SmoothTestTests
{
    // mgcv 1.8-41 prints Ref.df 0.2495, F 0.1440 and p 0.8502 for s(Age):siteA of FD ~ site + s(Age) + s(Age, by=site) where its straight line was
    // dropped beside the others: F is over what is left, p is that of one function.
    [Fact]
    public void Less_than_one_degree_of_freedom_tests_one_function()
    {
        var covariance = new DenseMatrix(2, 2) { [0, 0] = 4, [1, 1] = 1 };
        var test = new SmoothTest(2);
        test.Run([2 * Math.Sqrt(0.143998833 * 0.2495059), 0.01], covariance, 0.2495059);
        test.Rank.ShouldBe(0.2495059);
        (test.Statistic / test.Rank).ShouldBe(0.143998833, 1e-12);
        test.PValue(70).ShouldBe(FisherF.UpperP(0.143998833 * 0.2495059, 1, 70));
        test.PValue(70).ShouldBe(0.8502, 1e-4);
    }
}
