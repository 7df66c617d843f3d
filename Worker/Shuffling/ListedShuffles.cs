namespace HpcFit.Worker.Shuffling;

/// <summary>Shuffles that a file lists.</summary>
internal sealed class ListedShuffles : IShuffleList
{
    private readonly IReadOnlyList<int[]> _sources;

    /// <summary>The shuffles of a file.</summary>
    /// <param name="sources">The shuffles, the identity first.</param>
    public ListedShuffles(IReadOnlyList<int[]> sources)
    {
        _sources = sources;
        Flips = sources.Any(source => Array.Exists(source, one => one < 0));
        Permutes = sources.Any(source => source.Where((one, row) => (one < 0 ? ~one : one) != row).Any());
    }

    /// <inheritdoc/>
    public int Rows => _sources[0].Length;

    /// <inheritdoc/>
    public long Count => _sources.Count;

    /// <inheritdoc/>
    public bool Permutes { get; }

    /// <inheritdoc/>
    public bool Flips { get; }

    /// <inheritdoc/>
    public bool IsExhaustive => false;

    /// <inheritdoc/>
    public double LogPossible => double.NaN;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc/>
    public void Fill(long number, Span<int> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, Rows);
        _sources[(int)number].CopyTo(source);
    }
}
