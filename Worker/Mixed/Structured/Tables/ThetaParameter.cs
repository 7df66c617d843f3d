namespace HpcFit.Worker.Mixed.Structured.Tables;

/// <summary>A parameter of the search: an entry on or below the diagonal of a term's relative covariance factor.</summary>
/// <param name="Term">The term.</param>
/// <param name="Row">The row of the entry.</param>
/// <param name="Column">The column of the entry.</param>
internal readonly record struct ThetaParameter(int Term, int Row, int Column)
{
    /// <summary>Whether it is on the diagonal, where 0 is the bound.</summary>
    public bool IsDiagonal => Row == Column;
}
