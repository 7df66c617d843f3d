namespace HpcFit.Worker.Generalized;

/// <summary>Solves the weighted least squares problem of one iteration. A workspace of one thread.</summary>
internal interface IWeightedSolver
{
    /// <summary>
    /// Solves (B'WB) d = B'u; false if the weights leave no direction determined, or the method is too inaccurate for them.
    /// </summary>
    /// <param name="rows">The rows with their basis B.</param>
    /// <param name="weights">W, positive.</param>
    /// <param name="scores">u; may be overwritten.</param>
    /// <param name="solution">Receives d.</param>
    bool Solve(ObservedRows rows, ReadOnlySpan<double> weights, Span<double> scores, Span<double> solution);

    /// <summary>With B'WB = L L' of the last call, replaces b by L⁻¹ b.</summary>
    void SolveLower(Span<double> values);
}
