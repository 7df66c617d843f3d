using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace HpcFit.Worker.Shuffling;

/// <summary>Shuffles that a file lists.</summary>
internal sealed class ListedShuffles : IShuffleList
{
    private readonly IReadOnlyList<int[]> _sources;
    private readonly Lazy<IReadOnlyList<int[]>> _parts;

    /// <summary>The shuffles of a file.</summary>
    /// <param name="sources">The shuffles, the identity first.</param>
    /// <param name="order">The rows in the order of the file.</param>
    public ListedShuffles(IReadOnlyList<int[]> sources, IReadOnlyList<int> order)
    {
        _sources = sources;
        _parts = new(() => PartsOf(sources, order));
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

    /// <summary>
    /// Sets of rows that no shuffle of the file connects, each in the order of the file: the blocks of restricted exchange, and one set
    /// where all rows are exchanged.
    /// </summary>
    public IReadOnlyList<int[]> Parts => _parts.Value;

    /// <inheritdoc/>
    public (int Row, int Other)? FindRowsKeptTogether() =>
        KeptTogether.Find(
            [
                .. _sources
                    .Select(source => Array.ConvertAll(source, one => one < 0 ? ~one : one))
                    .DistinctBy(source => XxHash128.HashToUInt128(MemoryMarshal.AsBytes<int>(source)))
                    .Where(source => source.Where((one, row) => one != row).Any()),
            ],
            Joined(_sources, Rows).Numbers()
        );

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc/>
    /// <remarks>Of the shuffles that are listed.</remarks>
    public int[] Orbits()
    {
        var orbits = Joined(_sources, Rows);
        foreach (var source in _sources)
            for (var row = 0; row < source.Length; row++)
                if (source[row] < 0)
                    orbits.Flip(row);
        return orbits.Numbers();
    }

    /// <inheritdoc/>
    public void Fill(long number, Span<int> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, Rows);
        _sources[(int)number].CopyTo(source);
    }

    /// <summary>The rows, joined where a shuffle exchanges them.</summary>
    private static RowOrbits Joined(IReadOnlyList<int[]> sources, int rows)
    {
        var orbits = new RowOrbits(rows);
        foreach (var source in sources)
            for (var row = 0; row < source.Length; row++)
                orbits.Join(row, source[row] < 0 ? ~source[row] : source[row]);
        return orbits;
    }

    private static int[][] PartsOf(IReadOnlyList<int[]> sources, IReadOnlyList<int> order)
    {
        var numbers = Joined(sources, order.Count).Numbers();
        return [.. order.GroupBy(row => numbers[row]).Select(part => part.ToArray())];
    }
}
