namespace HpcFit.Shared.Stripes;

/// <summary>
/// One scalar's values at consecutive elements: rows × elements, one row per subject in the scalar's own order, row-major whatever the
/// layout of the file. Row r's value at element e is at <c>r * Stride + e</c>. Missing is any value that is not finite. Exactly one of
/// <see cref="Singles"/> (stored as float32) and <see cref="Doubles"/> (everything else, integers too) is not empty.
/// </summary>
/// <remarks>
/// A view: the memory belongs to the <see cref="StripeReader"/> and is valid until its next call. It may extend beyond the last row's last
/// element, so that vector code can load whole registers; what lies there and between the rows belongs to none of these elements.
/// </remarks>
/// <param name="FirstElement">The 0-based id of the first element.</param>
/// <param name="Count">How many elements.</param>
/// <param name="Singles">float32 values, or empty.</param>
/// <param name="Doubles">float64 values, or empty.</param>
/// <param name="Stride">Values from the beginning of one row to that of the next.</param>
public readonly record struct ScalarValues(
    long FirstElement,
    int Count,
    ReadOnlyMemory<float> Singles,
    ReadOnlyMemory<double> Doubles,
    int Stride
)
{
    /// <summary>Where the values of the elements that follow will come from.</summary>
    public PrefetchHint Prefetch { get; init; }

    /// <summary>Whether the values are float32.</summary>
    public bool AreSingles => Doubles.IsEmpty;

    /// <summary>How many values the memory holds, those that belong to none of the elements included.</summary>
    public int Length => AreSingles ? Singles.Length : Doubles.Length;

    /// <summary>The value of one row at one element, counted from the first.</summary>
    public double this[int row, int element] => At((row * Stride) + element);

    /// <summary>The value at an index of the memory.</summary>
    public double At(int index) => AreSingles ? Singles.Span[index] : Doubles.Span[index];

    /// <summary>Copies the values of some rows at one element.</summary>
    /// <param name="element">The element, counted from the first.</param>
    /// <param name="rows">The rows, in the order of the copy.</param>
    /// <param name="values">Receives one value per row.</param>
    public void CopyElement(int element, ReadOnlySpan<int> rows, Span<double> values)
    {
        if (AreSingles)
        {
            var singles = Singles.Span;
            for (var i = 0; i < rows.Length; i++)
                values[i] = singles[(rows[i] * Stride) + element];
            return;
        }
        var doubles = Doubles.Span;
        for (var i = 0; i < rows.Length; i++)
            values[i] = doubles[(rows[i] * Stride) + element];
    }
}
