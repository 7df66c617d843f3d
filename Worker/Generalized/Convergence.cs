namespace HpcFit.Worker.Generalized;

/// <summary>How the iterations of a fit ended.</summary>
internal enum Convergence
{
    /// <summary>The next step would change nothing that matters.</summary>
    Converged,

    /// <summary>
    /// Coefficients grow without limit while the deviance does not change any more, or a fitted count is 0, the edge of valid means.
    /// </summary>
    Separated,

    /// <summary>The limit of iterations was reached, or no step decreases the deviance.</summary>
    Failed,

    /// <summary>A matrix was too ill-conditioned for the solver.</summary>
    Unsolved,
}
