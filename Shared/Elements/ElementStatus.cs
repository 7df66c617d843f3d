namespace HpcFit.Shared.Elements;

/// <summary>
/// What became of one element; stored beside its results, in partials and in the data file. Every code but <see cref="Fitted"/>
/// comes with NaN in the columns it concerns. A number never changes its meaning.
/// </summary>
public enum ElementStatus : byte
{
    /// <summary>Fitted.</summary>
    Fitted = 0,

    /// <summary>Not more finite subjects than the thresholds ask for; all columns NaN, as in ModelArray.</summary>
    TooFewSubjects = 1,

    /// <summary>Fitted; some coefficients are aliased on this element's subjects although they are not on the whole cohort.</summary>
    RankDeficient = 2,

    /// <summary>Fitted; the response is constant, so tests are rounding noise or NaN, as in R.</summary>
    ConstantResponse = 3,

    /// <summary>A factor level of the cohort has no subject left at this element; all columns NaN.</summary>
    EmptyFactorLevel = 4,

    /// <summary>The optimiser of the smoothing parameters did not converge; all columns NaN.</summary>
    NoConvergence = 5,

    /// <summary>No residual degrees of freedom are left; estimates are there, tests are NaN, as in R.</summary>
    NoResidualDegreesOfFreedom = 6,

    /// <summary>
    /// A data-dependent term cannot be built on the subjects left (fewer unique values than the basis needs); all columns NaN.
    /// </summary>
    BasisImpossible = 7,

    /// <summary>User code failed here; the message is in the report.</summary>
    UserCodeFailed = 8,

    /// <summary>User code ran longer than allowed here.</summary>
    UserCodeTimedOut = 9,

    /// <summary>The chunk that holds this element is corrupt and the user chose to skip it; all columns NaN.</summary>
    CorruptChunk = 10,

    /// <summary>
    /// The value of the response or of a derived column cannot be computed here (log of a negative number); all columns NaN.
    /// </summary>
    InvalidValue = 11,

    /// <summary>
    /// The run was not asked for this element; it has a row only because all elements were wanted in the file. All columns NaN.
    /// </summary>
    NotInRun = 255,
}
