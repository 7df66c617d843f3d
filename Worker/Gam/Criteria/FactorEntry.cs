namespace HpcFit.Worker.Gam.Criteria;

/// <summary>An entry of the relative factor L of random effects that is a parameter of the search.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Column">Its column, at most the row.</param>
/// <param name="Parameter">Its parameter: on the diagonal a smoothing parameter λ, where the entry is <c>λ^(-1/2)</c>; below it the
/// entry.</param>
internal readonly record struct FactorEntry(int Row, int Column, int Parameter)
{
    /// <summary>Whether it is below the diagonal: its parameter is no smoothing parameter.</summary>
    public bool IsCovariance => Row != Column;
}
