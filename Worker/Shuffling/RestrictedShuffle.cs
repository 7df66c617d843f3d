namespace HpcFit.Worker.Shuffling;

/// <summary>
/// Shuffles of the rows that have a value, as MRtrix has them: the shuffle of all rows without the missing ones. The observed rows are
/// replaced by the observed rows in the order in which the shuffle of all has them. Equal patterns of missing rows get equal shuffles, and
/// each permutation of the observed rows is as likely as every other. Exchange within blocks or of whole blocks does not survive it.
/// </summary>
internal static class RestrictedShuffle
{
    private const int Missing = -1;

    /// <summary>For each row its number among the rows that are present, or -1.</summary>
    /// <param name="present">Whether each row is present.</param>
    public static int[] Ranks(ReadOnlySpan<bool> present)
    {
        var ranks = new int[present.Length];
        var next = 0;
        for (var row = 0; row < present.Length; row++)
            ranks[row] = present[row] ? next++ : Missing;
        return ranks;
    }

    /// <summary>The shuffle of the present rows.</summary>
    /// <param name="source">The shuffle of all rows, as <see cref="IShuffleList.Fill"/> yields it.</param>
    /// <param name="ranks">As <see cref="Ranks"/> yields them.</param>
    /// <param name="restricted">Receives it: one value per present row, counted among these.</param>
    public static void Fill(ReadOnlySpan<int> source, ReadOnlySpan<int> ranks, Span<int> restricted)
    {
        var next = 0;
        foreach (var one in source)
            if (ranks[one < 0 ? ~one : one] is var rank and not Missing)
                restricted[next++] = one < 0 ? ~rank : rank;
    }
}
