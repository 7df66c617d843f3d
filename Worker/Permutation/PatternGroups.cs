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
    private readonly ElementValues _values;
    private readonly double[] _subjects;
    private readonly ulong[] _pattern;
    private double[] _gathered = [];
    private ElementStatus[] _status = [];
    private int _oldest;

    /// <summary>A workspace.</summary>
    public PatternGroups(PermutationEngine engine)
    {
        _engine = engine;
        _values = new(engine.Linear.Subjects, engine.Linear.Design.ScalarPredictors.Count);
        _subjects = new double[engine.Linear.Subjects];
        _pattern = new ulong[(engine.Linear.Subjects + 63) / 64];
        int[] subjects = [.. Enumerable.Range(0, engine.Linear.Subjects)];
        _subjectRows = [.. engine.Linear.Scalars.Select(_ => subjects)];
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
            Array.Clear(_pattern);
            foreach (var subject in Present(block, element))
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
        if (_status.Length < elements.Count)
            _status = new ElementStatus[elements.Count];
        passes.Start(Gather(block, elements), _status.AsSpan(0, elements.Count));
        return passes;
    }

    /// <summary>
    /// The subjects with a response, ascending, as the fit of the element has them: finite in all scalars of the response, and not left
    /// out by its transformation (the logarithm of a negative number).
    /// </summary>
    private ReadOnlySpan<int> Present(in ScalarBlock block, int element)
    {
        var design = _engine.Linear.Design;
        _values.Load(block, element);
        // Terms like poly() are built from those subjects, too; such elements are not tested, because their response is NaN.
        if (design.ResponseIsTransformed && !design.RebuildsOnRows)
        {
            design.TransformResponse(_values.Response, _values.Predictors, _subjects);
            _values.Restrict(_subjects);
        }
        return _values.Finite;
    }

    /// <summary>The elements of a group as a block, with all scalars of the response.</summary>
    private ScalarBlock Gather(in ScalarBlock block, List<int> elements)
    {
        var stride = (elements.Count + TileKernel.Width - 1) / TileKernel.Width * TileKernel.Width;
        var length = stride * _subjects.Length;
        if (_gathered.Length < length * _subjectRows.Length)
            _gathered = new double[length * _subjectRows.Length];
        var scalars = new ScalarValues[_subjectRows.Length];
        for (var scalar = 0; scalar < scalars.Length; scalar++)
        {
            var values = _gathered.AsMemory(scalar * length, length);
            for (var place = 0; place < elements.Count; place++)
            {
                block.CopyElement(scalar, elements[place], _subjects);
                for (var subject = 0; subject < _subjects.Length; subject++)
                    values.Span[(subject * stride) + place] = _subjects[subject];
            }
            scalars[scalar] = new(0, elements.Count, default, values, stride);
        }
        return new(scalars, _subjectRows);
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
