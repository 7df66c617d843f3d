namespace HpcFit.Worker.Linear;

/// <summary>Rows of one value per element of a block. A reused workspace of one thread.</summary>
/// <param name="rows">How many rows.</param>
internal sealed class BlockValues(int rows)
{
    private double[] _values = [];
    private int _count;

    /// <summary>A row.</summary>
    public Span<double> this[int row] => _values.AsSpan(row * _count, _count);

    /// <summary>Begins a block of <paramref name="count"/> elements; every value is NaN afterwards.</summary>
    public void Start(int count)
    {
        _count = count;
        if (_values.Length < rows * count)
            _values = new double[rows * count];
        _values.AsSpan(0, rows * count).Fill(double.NaN);
    }
}
