namespace HpcFit.Worker.Gam.Fitting;

/// <summary>Further starts of a search for the parameters of one element after the other.</summary>
internal interface IOtherStarts
{
    /// <summary>Whether a search has converged.</summary>
    bool HasMinimum { get; }

    /// <summary>Begins at the end of the first search.</summary>
    /// <param name="rho">Where it ended.</param>
    /// <param name="value">The criterion there.</param>
    /// <param name="converged">Whether it converged.</param>
    void Begin(ReadOnlySpan<double> rho, double value, bool converged);

    /// <summary>Writes the next start; false: all have been tried.</summary>
    bool Next(Span<double> rho);

    /// <summary>Takes the minimum at which a search ended, if it is better.</summary>
    void Accept(ReadOnlySpan<double> rho, double value);

    /// <summary>Writes the best minimum.</summary>
    void End(Span<double> rho);
}
