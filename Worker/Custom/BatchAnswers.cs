namespace HpcFit.Worker.Custom;

/// <summary>The function's results at consecutive elements of a batch. A reused workspace; not thread-safe.</summary>
/// <param name="columns">The number of values per element.</param>
internal sealed class BatchAnswers(int columns)
{
    private int[] _failed = [];
    private double[] _values = [];

    /// <summary>The number of elements.</summary>
    public int Count { get; private set; }

    /// <summary>One per element: 1 if the function failed, otherwise 0.</summary>
    public Span<int> Failed => _failed.AsSpan(0, Count);

    /// <summary>Element by element, one value per column; undefined where the function failed.</summary>
    public Span<double> Values => _values.AsSpan(0, Count * columns);

    /// <summary>One per failed element, in their order.</summary>
    public string[] Messages { get; set; } = [];

    /// <summary>Prepares for the results of <paramref name="count"/> elements.</summary>
    public void Begin(int count)
    {
        Count = count;
        if (_failed.Length >= count)
            return;
        _failed = new int[count];
        _values = new double[count * columns];
    }
}
