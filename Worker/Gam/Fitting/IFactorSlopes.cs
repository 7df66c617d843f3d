namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// How the Cholesky factor of <c>H = XᵀX + S = L Lᵀ</c> changes with log λ, in the order of the model's columns. A workspace; not
/// thread-safe.
/// </summary>
/// <remarks>
/// With <c>Mⱼ = L⁻¹ λⱼSⱼ L⁻ᵀ</c> the derivative is <c>∂L⁻¹ = -Φ(Mⱼ) L⁻¹</c>, Φ the lower triangle with half the diagonal (Wood 2017,
/// appendix B.7), and <c>L⁻¹ XᵀX L⁻ᵀ = I - Σ Mⱼ</c>.
/// </remarks>
internal interface IFactorSlopes
{
    /// <summary>Evaluates everything at the λ of all penalties.</summary>
    void Evaluate(ReadOnlySpan<double> lambda);

    /// <summary><c>tr(Φ(Mₐ) (I - Σ M) Φ(M_b)ᵀ)</c> at the last evaluation.</summary>
    double Product(int a, int b);
}
