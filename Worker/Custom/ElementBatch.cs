using HpcFit.Shared.Functions;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Custom;

/// <summary>
/// Elements to send to an interpreter: their seeds and their values, element by element, scalar by scalar, for all subjects. A reused
/// workspace; not thread-safe.
/// </summary>
internal sealed class ElementBatch
{
    private const int MaxBytes = 1 << 20;

    private readonly CustomSpec _spec;
    private readonly int[] _scalarOfColumn;
    private readonly int _subjects;
    private readonly double _threshold;
    private readonly double[] _values;
    private readonly int[] _seeds;
    private readonly int[] _complete;
    private readonly int[] _places;

    /// <summary>An empty batch.</summary>
    /// <param name="spec">The options.</param>
    /// <param name="scalarOfColumn">For each attached scalar, in the order of the data's columns, its place in a block.</param>
    /// <param name="subjects">The model's subjects.</param>
    /// <param name="threshold">An element is added if more subjects than this are finite in all scalars.</param>
    public ElementBatch(CustomSpec spec, int[] scalarOfColumn, int subjects, double threshold)
    {
        (_spec, _scalarOfColumn, _subjects, _threshold) = (spec, scalarOfColumn, subjects, threshold);
        Capacity = Math.Max(1, MaxBytes / (sizeof(double) * ValuesPerElement));
        _values = new double[Capacity * ValuesPerElement];
        (_seeds, _complete, _places) = (new int[Capacity], new int[Capacity], new int[Capacity]);
    }

    /// <summary>The maximum number of elements.</summary>
    public int Capacity { get; }

    /// <summary>The number of elements.</summary>
    public int Count { get; private set; }

    /// <summary>The id of the first element of the block that its elements come from.</summary>
    public long FirstElementOfBlock { get; private set; }

    /// <summary>The index of each element in its block.</summary>
    public ReadOnlySpan<int> Places => _places.AsSpan(0, Count);

    private int ValuesPerElement => _subjects * _scalarOfColumn.Length;

    /// <summary>Removes all elements.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds an element; false if too few of its subjects are finite. All elements must come from one block.</summary>
    public bool TryAdd(in ScalarBlock block, int place)
    {
        FirstElementOfBlock = block.FirstElement;
        var values = _values.AsSpan(Count * ValuesPerElement, ValuesPerElement);
        for (var column = 0; column < _scalarOfColumn.Length; column++)
            block.CopyElement(_scalarOfColumn[column], place, values.Slice(column * _subjects, _subjects));
        var finite = CountFinite(values);
        if (!(finite > _threshold))
            return false;
        _seeds[Count] = _spec.SeedOf(block.FirstElement + place);
        _complete[Count] = finite == _subjects ? 1 : 0;
        _places[Count++] = place;
        return true;
    }

    /// <summary>Writes consecutive elements to a bridge.</summary>
    public void WriteTo(BridgeWriter writer, int first, int count)
    {
        writer.Write(count);
        writer.Write(_seeds.AsSpan(first, count));
        writer.Write(_complete.AsSpan(first, count));
        writer.Write(_values.AsSpan(first * ValuesPerElement, count * ValuesPerElement));
    }

    private int CountFinite(ReadOnlySpan<double> values)
    {
        var finite = 0;
        for (var subject = 0; subject < _subjects; subject++)
        {
            var all = true;
            for (var at = subject; at < values.Length; at += _subjects)
                all &= double.IsFinite(values[at]);
            finite += all ? 1 : 0;
        }
        return finite;
    }
}
