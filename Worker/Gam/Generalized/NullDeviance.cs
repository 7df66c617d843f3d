namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// The deviance of the model of a constant, with which the deviance explained is compared: the mean of the response, or with an offset the
/// best constant in addition to it. A workspace; not thread-safe.
/// </summary>
/// <param name="design">The model's design.</param>
/// <param name="constant">The design of a constant and the offset; null: no offset, or no intercept, for which mgcv uses the mean.</param>
/// <param name="family">The family.</param>
internal sealed class NullDeviance(GeneralizedDesign design, GeneralizedDesign? constant, GamFamily family)
{
    private readonly PenalisedLikelihood? _fit = constant is null ? null : new(constant, family);
    private readonly double[] _means = new double[design.Rows];
    private readonly double[] _work = new double[design.Rows];

    /// <summary>The null deviance of an element; NaN if the constant did not converge.</summary>
    /// <param name="responses">One value per row.</param>
    /// <param name="shape">ϑ of the model.</param>
    public double Compute(double[] responses, double shape)
    {
        if (_fit is not null)
        {
            _fit.Shape = shape;
            return _fit.Start(responses) && _fit.Solve() ? _fit.Deviance : double.NaN;
        }
        Array.Fill(_means, WeightedMean.Compute(responses, design.Weights));
        return family.Deviance(responses, _means, design.Weights, shape, _work);
    }
}
