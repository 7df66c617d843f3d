using HpcFit.Shared.Elements;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// The elements of a block at which subjects are missing, by which ones: elements with the same present subjects share a model matrix,
/// and are tested together. A workspace of one thread.
/// </summary>
internal sealed class PatternGroups
{
    /// <summary>Model matrices that are kept for the next blocks; one that returns is computed again to the same bits.</summary>
    private const int Kept = 8;

    private readonly PermutationEngine _engine;
    private readonly int[][] _subjectRows;
    private readonly List<(ulong[] Pattern, List<int> Elements)> _groups = [];
    private readonly List<(ulong[] Pattern, DesignPasses? Passes)> _known = [];
    private readonly double[] _subjects;
    private readonly ulong[] _pattern;
    private double[] _values = [];
    private ElementStatus[] _status = [];
    private int _oldest;

    /// <summary>A workspace.</summary>
    public PatternGroups(PermutationEngine engine)
    {
        _engine = engine;
        _subjects = new double[engine.Linear.Subjects];
        _pattern = new ulong[(engine.Linear.Subjects + 63) / 64];
        _subjectRows =
        [
            [.. Enumerable.Range(0, engine.Linear.Subjects)],
        ];
    }

    /// <summary>The number of groups of the block.</summary>
    public int Count => _groups.Count;

    /// <summary>The elements of a group, by their places in the block.</summary>
    public IReadOnlyList<int> Elements(int group) => _groups[group].Elements;

    /// <summary>Finds the groups of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="status">The statuses of the fits: only elements that were fitted without reservation have a group.</param>
    /// <param name="areTested">The elements that are tested already.</param>
    public void Find(in ScalarBlock block, ReadOnlySpan<ElementStatus> status, ReadOnlySpan<bool> areTested)
    {
        _groups.Clear();
        for (var element = 0; element < block.Count; element++)
        {
            if (areTested[element] || status[element] != ElementStatus.Fitted)
                continue;
            block.CopyElement(0, element, _subjects);
            Array.Clear(_pattern);
            for (var subject = 0; subject < _subjects.Length; subject++)
                if (double.IsFinite(_subjects[subject]))
                    _pattern[subject >> 6] |= 1UL << (subject & 63);
            var group = _groups.FindIndex(one => one.Pattern.AsSpan().SequenceEqual(_pattern));
            if (group < 0)
                _groups.Add(([.. _pattern], [element]));
            else
                _groups[group].Elements.Add(element);
        }
    }

    /// <summary>Computes the residuals of a group; null: its model matrix cannot be tested.</summary>
    /// <param name="block">The block.</param>
    /// <param name="group">The group.</param>
    public DesignPasses? Start(in ScalarBlock block, int group)
    {
        var (pattern, elements) = _groups[group];
        if (Passes(pattern) is not { } passes)
            return null;
        var count = elements.Count;
        var stride = (count + TileKernel.Width - 1) / TileKernel.Width * TileKernel.Width;
        if (_values.Length < stride * _subjects.Length)
            _values = new double[stride * _subjects.Length];
        if (_status.Length < count)
            _status = new ElementStatus[count];
        for (var place = 0; place < count; place++)
        {
            block.CopyElement(0, elements[place], _subjects);
            for (var subject = 0; subject < _subjects.Length; subject++)
                _values[(subject * stride) + place] = _subjects[subject];
        }
        var values = new ScalarValues(0, count, default, _values.AsMemory(0, stride * _subjects.Length), stride);
        passes.Start(new(new[] { values }, _subjectRows), _status.AsSpan(0, count));
        return passes;
    }

    private DesignPasses? Passes(ulong[] pattern)
    {
        foreach (var (known, passes) in _known)
            if (known.AsSpan().SequenceEqual(pattern))
                return passes;
        int[] present = [.. _subjectRows[0].Where(subject => (pattern[subject >> 6] >> (subject & 63) & 1) != 0)];
        var created = _engine.TestsOf(present) is { } tests ? new DesignPasses(_engine.Linear, tests) : null;
        if (_known.Count < Kept)
            _known.Add((pattern, created));
        else
        {
            _known[_oldest] = (pattern, created);
            _oldest = (_oldest + 1) % Kept;
        }
        return created;
    }
}
