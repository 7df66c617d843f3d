using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Families;

/// <summary>
/// A family of response distributions with its link: variance, deviance, starting values and likelihood as R defines them. Weights are
/// R's prior weights, positive; for binomial families the numbers of trials, with proportions as responses.
/// </summary>
/// <param name="name">R's name.</param>
/// <param name="link">The link.</param>
internal abstract class Family(string name, Link link)
{
    /// <summary>R's name, such as <c>quasipoisson</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The link.</summary>
    public Link Link { get; } = link;

    /// <summary>Whether the dispersion is 1: tests are by z and chi-square; otherwise it is estimated, and tests are by t and F.</summary>
    public virtual bool HasKnownDispersion => false;

    /// <summary>The number of parameters that the likelihood has besides the coefficients: 1 with a dispersion that is estimated.</summary>
    public virtual int Parameters => HasKnownDispersion ? 0 : 1;

    /// <summary>Whether there is a likelihood: not for quasi families.</summary>
    public virtual bool HasLikelihood => true;

    /// <summary>Whether the family describes numbers of events, so that a mean of 0 needs an infinite predictor with most links.</summary>
    public virtual bool IsOfCounts => false;

    /// <summary>Whether the mean is a probability.</summary>
    public virtual bool IsOfProbabilities => false;

    /// <summary>Whether a mean belongs to the family.</summary>
    public abstract bool IsValidMean(double mean);

    /// <summary>Whether a response with a weight belongs to the family.</summary>
    public abstract bool Accepts(double response, double weight);

    /// <summary>The responses that <see cref="Accepts"/> accepts, for messages.</summary>
    public abstract string Range { get; }

    /// <summary>The mean from which R's iterations start.</summary>
    public abstract double StartingMean(double response, double weight);

    /// <summary>V(μ).</summary>
    public abstract double Variance(double mean);

    /// <summary>V(μ) of many means, each as for one.</summary>
    public virtual void Variance(ReadOnlySpan<double> means, Span<double> variances)
    {
        for (var i = 0; i < means.Length; i++)
            variances[i] = Variance(means[i]);
    }

    /// <summary>V', V'' and V''' at a mean.</summary>
    public abstract VarianceDerivatives VarianceDerivatives(double mean);

    /// <summary>The deviance of one response of weight 1; not negative.</summary>
    public abstract double UnitDeviance(double response, double mean);

    /// <summary>The deviance Σ w d(y, μ).</summary>
    /// <param name="responses">y.</param>
    /// <param name="means">μ.</param>
    /// <param name="weights">w.</param>
    /// <param name="work">Workspace of as many values.</param>
    public virtual double Deviance(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        Span<double> work
    )
    {
        var sum = 0.0;
        for (var i = 0; i < responses.Length; i++)
            sum += weights[i] * UnitDeviance(responses[i], means[i]);
        return sum;
    }

    /// <summary>
    /// The log-likelihood as R's <c>logLik</c> of a glm; families with an estimated dispersion have it at R's estimate from the deviance.
    /// NaN for quasi families.
    /// </summary>
    public virtual double LogLikelihood(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights,
        double deviance
    ) => double.NaN;

    /// <summary>The family of a spec.</summary>
    public static Family Create(FamilySpec spec)
    {
        var link = Link.Create(spec.Link);
        return spec.Name switch
        {
            FamilySpec.Gaussian => new GaussianFamily(link),
            "binomial" => new BinomialFamily(link),
            "quasibinomial" => new BinomialFamily(link, isQuasi: true),
            "poisson" => new PoissonFamily(link),
            "quasipoisson" => new PoissonFamily(link, isQuasi: true),
            "Gamma" => new GammaFamily(link),
            "inverse.gaussian" => new InverseGaussianFamily(link),
            FamilySpec.NegativeBinomial => new NegativeBinomialFamily(link),
            _ => throw new ArgumentException($"There is no family '{spec.Name}'.", nameof(spec)),
        };
    }
}

/// <summary>V', V'' and V''' of a variance function.</summary>
internal readonly record struct VarianceDerivatives(double First, double Second, double Third);
