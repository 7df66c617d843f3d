namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>The heights at which a form of TFCE evaluates clusters, ascending, with the sums of their factors.</summary>
internal sealed class HeightLevels
{
    /// <summary>The largest number of levels; higher statistics count as if they were at the last level.</summary>
    public const int Limit = 1 << 16;

    private double[] _heights = new double[256];
    private double[] _sums = [0, .. new double[256]];

    /// <summary>The number of levels.</summary>
    public int Count { get; private set; }

    /// <summary>The highest level; 0 if there is none.</summary>
    public double Highest => Count == 0 ? 0 : _heights[Count - 1];

    /// <summary>The height of a level.</summary>
    public double Height(int level) => _heights[level];

    /// <summary>The sum of the factors of the lowest levels.</summary>
    public double Sum(int levels) => _sums[levels];

    /// <summary>Removes all levels.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a level above all others.</summary>
    /// <param name="height">The height with which statistics are compared.</param>
    /// <param name="factor">Its factor, such as h^H.</param>
    public void Add(double height, double factor)
    {
        if (Count == _heights.Length)
        {
            Array.Resize(ref _heights, Count * 2);
            Array.Resize(ref _sums, Count * 2 + 1);
        }
        _heights[Count] = height;
        _sums[Count + 1] = _sums[Count] + factor;
        Count++;
    }
}
