namespace HpcFit.Shared.Elements;

/// <summary>
/// The outcome of one element, stored with its results in partials and in the data file. Every code except <see cref="Fitted"/> comes with
/// NaN in the columns affected. A number never changes its meaning.
/// </summary>
public enum ElementStatus : byte
{
    /// <summary>Fitted; all columns have their values.</summary>
    Fitted = 0,

    /// <summary>The number of finite subjects does not exceed the thresholds; all columns NaN, as in ModelArray.</summary>
    TooFewSubjects = 1,

    /// <summary>Fitted; some coefficients are aliased for this element's subjects, although not for the whole cohort.</summary>
    RankDeficient = 2,

    /// <summary>Fitted; the response is constant, so tests are rounding noise or NaN, as in R.</summary>
    ConstantResponse = 3,

    /// <summary>A factor level of the cohort has no observed subject at this element; all columns NaN.</summary>
    EmptyFactorLevel = 4,

    /// <summary>The optimiser of the smoothing parameters did not converge; all columns NaN.</summary>
    NoConvergence = 5,

    /// <summary>No residual degrees of freedom: estimates have values, tests are NaN, as in R.</summary>
    NoResidualDegreesOfFreedom = 6,

    /// <summary>
    /// A data-dependent term cannot be built from the observed subjects (fewer unique values than the basis needs); all columns NaN.
    /// </summary>
    BasisImpossible = 7,

    /// <summary>User code failed at this element; the message is in the report.</summary>
    UserCodeFailed = 8,

    /// <summary>User code exceeded its time limit at this element.</summary>
    UserCodeTimedOut = 9,

    /// <summary>The chunk that holds this element is corrupt and the user chose to skip it; all columns NaN.</summary>
    CorruptChunk = 10,

    /// <summary>
    /// The value of the response or of a derived column cannot be computed at this element (log of a negative number); all columns NaN.
    /// </summary>
    InvalidValue = 11,

    /// <summary>
    /// Of a comparison of two analyses: they used other subjects at this element, or one has no values; all columns NaN.
    /// </summary>
    NotComparable = 12,

    /// <summary>
    /// Of a mixed model: the observed subjects do not determine a variance between groups, because they are in one group, each is in a
    /// group of its own, or fixed effects explain every difference between groups; all columns NaN.
    /// </summary>
    NoGroupVariance = 13,

    /// <summary>
    /// Fitted, but outside permutation tests and their maximum, because subjects are missing or the response is fitted exactly, as far as
    /// can be computed: the columns of these tests are NaN, all others have their values.
    /// </summary>
    NotPermuted = 14,

    /// <summary>
    /// Of a generalised linear model: the predictors separate the responses (fitted probabilities of 0 or 1, fitted counts of 0), so that
    /// coefficients grow without limit and no estimate exists; all columns NaN.
    /// </summary>
    Separation = 15,

    /// <summary>
    /// The element is not part of the run; it has a row only because results were requested for all elements of the file. All columns NaN.
    /// </summary>
    NotInRun = 255,
}
