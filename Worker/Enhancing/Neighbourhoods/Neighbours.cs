namespace HpcFit.Worker.Enhancing.Neighbourhoods;

/// <summary>
/// Which elements are adjacent, and how much of the extent of a cluster each contributes. Symmetric, without loops; immutable and shared by
/// all threads.
/// </summary>
internal sealed class Neighbours
{
    private readonly int[] _starts;
    private readonly int[] _others;
    private readonly double[]? _sizes;

    /// <summary>Takes adjacency in compressed rows.</summary>
    /// <param name="starts">Where the neighbours of each element start in <paramref name="others"/>; then their total number.</param>
    /// <param name="others">The neighbours of element 0, those of element 1, and so on; each element's ascending.</param>
    /// <param name="sizes">What each element contributes to the extent of a cluster; null: 1.</param>
    public Neighbours(int[] starts, int[] others, double[]? sizes = null) => (_starts, _others, _sizes) = (starts, others, sizes);

    /// <summary>The number of elements.</summary>
    public int Elements => _starts.Length - 1;

    /// <summary>The number of pairs of adjacent elements.</summary>
    public int Pairs => _others.Length / 2;

    /// <summary>What an element contributes to the extent of a cluster.</summary>
    public double SizeOf(int element) => _sizes is null ? 1 : _sizes[element];

    /// <summary>The neighbours of an element, ascending.</summary>
    public ReadOnlySpan<int> Of(int element) => _others.AsSpan(_starts[element], _starts[element + 1] - _starts[element]);
}
