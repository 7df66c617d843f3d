using System.Runtime.InteropServices;
using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Rows;

/// <summary>
/// Elements of a block in an order in which those with the same missing subjects follow one another. Patterns are compared in full. A
/// workspace of one thread.
/// </summary>
/// <param name="subjects">The number of subjects in the cohort.</param>
internal sealed class ElementsByPattern(int subjects)
{
    private readonly int _words = (subjects + 63) / 64;
    private int[] _elements = [];
    private int[] _order = [];
    private ulong[] _masks = [];
    private ulong[] _hashes = [];
    private Comparison<int>? _comparison;

    /// <summary>The number of elements.</summary>
    public int Count { get; private set; }

    /// <summary>The element at a place of the order, counted from the block's first.</summary>
    public int this[int place] => _elements[_order[place]];

    /// <summary>Sorts elements of a block.</summary>
    /// <param name="response">The values that are missing or not.</param>
    /// <param name="subjectRows">The row of each of the model's subjects.</param>
    /// <param name="isWanted">Whether an element is one of those.</param>
    public void Sort(in ScalarValues response, int[] subjectRows, ReadOnlySpan<bool> isWanted)
    {
        if (_elements.Length < isWanted.Length)
            (_elements, _order, _hashes, _masks) = (
                new int[isWanted.Length],
                new int[isWanted.Length],
                new ulong[isWanted.Length],
                new ulong[isWanted.Length * _words]
            );
        Count = 0;
        for (var element = 0; element < isWanted.Length; element++)
            if (isWanted[element])
                _elements[Count++] = element;
        _masks.AsSpan(0, Count * _words).Clear();
        _hashes.AsSpan(0, Count).Fill(14695981039346656037UL);
        for (var subject = 0; subject < subjects; subject++)
        {
            var first = subjectRows[subject] * response.Stride;
            if (response.AreSingles)
                Mark(response.Singles.Span[first..], subject);
            else
                Mark(response.Doubles.Span[first..], subject);
            if ((subject & 63) == 63 || subject == subjects - 1)
                AddToHashes(subject >> 6);
        }
        for (var i = 0; i < Count; i++)
            _order[i] = i;
        _order.AsSpan(0, Count).Sort(_comparison ??= Compare);
    }

    /// <summary>The place after the last element that has the pattern of the one at <paramref name="place"/>.</summary>
    public int EndOfPattern(int place)
    {
        var end = place + 1;
        while (end < Count && _hashes[_order[end]] == _hashes[_order[place]] && CompareMasks(_order[place], _order[end]) == 0)
            end++;
        return end;
    }

    private void Mark(ReadOnlySpan<float> row, int subject)
    {
        const uint Exponent = 0x7F800000;
        var bits = MemoryMarshal.Cast<float, uint>(row);
        var masks = _masks.AsSpan((subject >> 6) * Count, Count);
        for (var i = 0; i < masks.Length; i++)
            masks[i] |= (bits[_elements[i]] & Exponent) == Exponent ? 1UL << (subject & 63) : 0;
    }

    private void Mark(ReadOnlySpan<double> row, int subject)
    {
        var masks = _masks.AsSpan((subject >> 6) * Count, Count);
        for (var i = 0; i < masks.Length; i++)
            masks[i] |= double.IsFinite(row[_elements[i]]) ? 0 : 1UL << (subject & 63);
    }

    /// <summary>FNV-1a by words.</summary>
    private void AddToHashes(int word)
    {
        for (var i = 0; i < Count; i++)
        {
            var hash = (_hashes[i] ^ _masks[(word * Count) + i]) * 1099511628211UL;
            _hashes[i] = hash ^ (hash >> 29);
        }
    }

    private int Compare(int a, int b) =>
        _hashes[a] != _hashes[b] ? _hashes[a].CompareTo(_hashes[b])
        : CompareMasks(a, b) is var order and not 0 ? order
        : a.CompareTo(b);

    private int CompareMasks(int a, int b)
    {
        for (var word = 0; word < _words; word++)
            if (_masks[(word * Count) + a] != _masks[(word * Count) + b])
                return _masks[(word * Count) + a].CompareTo(_masks[(word * Count) + b]);
        return 0;
    }
}
