namespace HpcFit.Worker.Shuffling;

/// <summary>
/// The shuffles of the rows of a model: permutations, sign flips, or both. Shuffle 0 is the identity. Immutable and shared by threads; a
/// shuffle depends on its number only, so a longer list begins with the shorter one.
/// </summary>
internal interface IShuffleList
{
    /// <summary>The rows that are shuffled.</summary>
    int Rows { get; }

    /// <summary>How many shuffles, the identity included.</summary>
    long Count { get; }

    /// <summary>Whether any shuffle moves rows.</summary>
    bool Permutes { get; }

    /// <summary>Whether any shuffle changes signs.</summary>
    bool Flips { get; }

    /// <summary>Whether these are all possible shuffles.</summary>
    bool IsExhaustive { get; }

    /// <summary>The natural logarithm of the number of possible shuffles; NaN where they come from a file.</summary>
    double LogPossible { get; }

    /// <summary>
    /// The sets of rows within which the shuffles move them, each in the order in which its rows are counted; null: this is not known from
    /// the list, and rows are counted ascending.
    /// </summary>
    IReadOnlyList<int[]>? Parts => null;

    /// <summary>
    /// Two rows that all shuffles keep together although nothing but the shuffles says so; null: none. Takes a second of long lists.
    /// </summary>
    (int Row, int Other)? FindRowsKeptTogether() => null;

    /// <summary>What the user should know about them, one sentence or more each.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>
    /// Which rows may take each other's places, directly or through others: per row the number of its orbit, or
    /// <see cref="RowOrbits.Flipped"/> where signs may change. Computed at each call.
    /// </summary>
    int[] Orbits();

    /// <summary>One shuffle: row i of shuffled data is row r of the data, or its negative.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="source">Receives, per row, r, or ~r where the sign changes.</param>
    void Fill(long number, Span<int> source);
}
