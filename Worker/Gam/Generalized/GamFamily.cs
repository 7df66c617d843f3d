using HpcFit.Shared.Specs;
using HpcFit.Worker.Families;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// The distribution of the response of a generalized additive model, as the search for coefficients and smoothing parameters uses it: the
/// deviance with its derivatives in the linear predictor, and the saturated log-likelihood. Immutable and thread-safe.
/// </summary>
/// <param name="name">R's name.</param>
/// <param name="link">The link.</param>
internal abstract class GamFamily(string name, Link link)
{
    /// <summary>R's name, such as <c>quasipoisson</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The link.</summary>
    public Link Link { get; } = link;

    /// <summary>Fitted means this near to a limit are those of separated responses.</summary>
    protected const double Boundary = 1e-6;

    /// <summary>Whether the scale φ is estimated, together with the smoothing parameters; otherwise it is 1.</summary>
    public abstract bool HasScale { get; }

    /// <summary>Whether there is a likelihood: not for quasi families.</summary>
    public virtual bool HasLikelihood => true;

    /// <summary>Whether <see cref="LogLikelihood"/> is that at the criterion's φ, given by a deviance of φ Σw.</summary>
    public virtual bool HasLikelihoodAtScale => false;

    /// <summary>Whether a shape ϑ = log θ is estimated together with the smoothing parameters.</summary>
    public virtual bool HasShape => false;

    /// <summary>ϑ at the start of every element's search.</summary>
    public virtual double StartingShape => 0;

    /// <summary>Whether the mean is a probability.</summary>
    public virtual bool IsOfProbabilities => false;

    /// <summary>The responses that <see cref="Accepts"/> accepts, for messages.</summary>
    public abstract string Range { get; }

    /// <summary>Whether a response with a weight belongs to the family.</summary>
    public abstract bool Accepts(double response, double weight);

    /// <summary>Whether a mean belongs to the family.</summary>
    public abstract bool IsValidMean(double mean);

    /// <summary>Whether a fitted mean is at a limit of an infinite predictor: a probability of 0 or 1, a count of 0.</summary>
    public abstract bool IsAtBoundary(double mean);

    /// <summary>The mean from which the iterations start.</summary>
    public abstract double StartingMean(double response, double weight);

    /// <summary>V(μ).</summary>
    public abstract double Variance(double mean, double shape);

    /// <summary>V'(μ) / V(μ).</summary>
    public abstract double RelativeSlopeOfVariance(double mean, double shape);

    /// <summary>The deviance Σ w d(y, μ).</summary>
    /// <param name="responses">y.</param>
    /// <param name="means">μ.</param>
    /// <param name="weights">w, not negative.</param>
    /// <param name="shape">ϑ.</param>
    /// <param name="work">Workspace of as many values.</param>
    public abstract double Deviance(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        double shape,
        Span<double> work
    );

    /// <summary>The family of a spec.</summary>
    public static GamFamily Create(FamilySpec spec) =>
        spec.Name == FamilySpec.NegativeBinomial
            ? new NegativeBinomialGamFamily(Link.Create(spec.Link))
            : new ExponentialGamFamily(Family.Create(spec));

    /// <summary>Writes the first two derivatives in η.</summary>
    public abstract void Differentiate(in FamilyRows rows, double shape, RowDerivatives derivatives);

    /// <summary>Writes all derivatives.</summary>
    public abstract void DifferentiateFully(in FamilyRows rows, double shape, RowDerivatives derivatives);

    /// <summary>
    /// The saturated log-likelihood with its first two derivatives in its parameter: log φ if the scale is estimated, ϑ if the family has a
    /// shape.
    /// </summary>
    public abstract (double Value, double First, double Second) Saturated(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> weights,
        double parameter
    );

    /// <summary>The log-likelihood as R's <c>logLik</c>; NaN for quasi families.</summary>
    /// <param name="responses">y.</param>
    /// <param name="means">μ.</param>
    /// <param name="weights">w.</param>
    /// <param name="deviance">The deviance.</param>
    /// <param name="shape">ϑ.</param>
    public abstract double LogLikelihood(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        double deviance,
        double shape
    );
}

/// <summary>The rows of one element at a linear predictor.</summary>
internal readonly ref struct FamilyRows
{
    /// <summary>y.</summary>
    public required ReadOnlySpan<double> Responses { get; init; }

    /// <summary>Prior weights.</summary>
    public required ReadOnlySpan<double> Weights { get; init; }

    /// <summary>η, with the offset.</summary>
    public required ReadOnlySpan<double> Predictors { get; init; }

    /// <summary>μ.</summary>
    public required ReadOnlySpan<double> Means { get; init; }
}
