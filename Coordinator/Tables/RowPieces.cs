namespace HpcFit.Coordinator.Tables;

/// <summary>Divides the rows of a table into the pieces that are read at once: the chunks of results that HpcFit writes.</summary>
internal static class RowPieces
{
    /// <summary>Rows per piece: 1 MB of doubles.</summary>
    public const int Size = 131_072;

    /// <summary>First row and number of rows of each piece.</summary>
    public static IEnumerable<(long First, int Count)> Divide(long rows, CancellationToken token)
    {
        for (long first = 0; first < rows; first += Size)
        {
            token.ThrowIfCancellationRequested();
            yield return (first, (int)Math.Min(Size, rows - first));
        }
    }
}
