namespace HpcFit.Worker.Gam.Fitting;

/// <summary>What <see cref="NewtonDescent"/> minimises: a criterion of the log smoothing parameters for one element.</summary>
internal interface IDescended
{
    /// <summary>The criterion at a point; NaN where it is not defined.</summary>
    /// <param name="point">log λ of the penalties, then further parameters.</param>
    /// <param name="gradient">Receives its derivatives.</param>
    /// <param name="hessian">Receives its second derivatives, row by row.</param>
    double Evaluate(ReadOnlySpan<double> point, Span<double> gradient, Span<double> hessian);

    /// <summary>
    /// Per penalty, the degrees of freedom that it has not yet removed at the last evaluation (with any sign): near 0 where its term has
    /// reached its limit.
    /// </summary>
    ReadOnlySpan<double> RemainingDegrees { get; }
}
