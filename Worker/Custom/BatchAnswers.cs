namespace HpcFit.Worker.Custom;

/// <summary>What the function answered at consecutive elements of a batch. A reused workspace of one thread.</summary>
/// <param name="columns">Values an element.</param>
internal sealed class BatchAnswers(int columns)
{
    private int[] _failed = [];
    private double[] _values = [];

    /// <summary>How many elements.</summary>
    public int Count { get; private set; }

    /// <summary>One an element: 1 where the function failed.</summary>
    public Span<int> Failed => _failed.AsSpan(0, Count);

    /// <summary>Element by element, one a column; without meaning where the function failed.</summary>
    public Span<double> Values => _values.AsSpan(0, Count * columns);

    /// <summary>One for each failed element, in their order.</summary>
    public string[] Messages { get; set; } = [];

    /// <summary>Makes room for answers.</summary>
    public void Begin(int count)
    {
        Count = count;
        if (_failed.Length >= count)
            return;
        _failed = new int[count];
        _values = new double[count * columns];
    }
}
