namespace HpcFit.Worker.Models;

/// <summary>
/// One element's values, copied from a block: the response and the scalar predictors, one value per subject, and which subjects are finite
/// in all of them. A reused workspace of one thread.
/// </summary>
internal sealed class ElementValues
{
    private readonly double[][] _predictors;
    private readonly int[] _finite;
    private readonly int[]? _selected;

    /// <summary>A workspace.</summary>
    /// <param name="subjects">The number of subjects in the cohort.</param>
    /// <param name="predictors">The number of scalars other than the response.</param>
    /// <param name="selected">The subjects that <see cref="CountSelected"/> counts, ascending; null: all.</param>
    public ElementValues(int subjects, int predictors, int[]? selected = null)
    {
        _selected = selected is { } some && some.Length < subjects ? some : null;
        Response = new double[subjects];
        _predictors = [.. Enumerable.Range(0, predictors).Select(_ => new double[subjects])];
        Predictors = [.. _predictors.Select(values => (ReadOnlyMemory<double>)values)];
        _finite = new int[subjects];
    }

    /// <summary>The response; NaN where it or a predictor is not finite.</summary>
    public double[] Response { get; }

    /// <summary>The predictors, missing values included, in the block's order.</summary>
    public ReadOnlyMemory<double>[] Predictors { get; }

    /// <summary>The subjects that are finite in every scalar, ascending.</summary>
    public ReadOnlySpan<int> Finite => _finite.AsSpan(0, FiniteCount);

    /// <summary>The number of subjects in <see cref="Finite"/>.</summary>
    public int FiniteCount { get; private set; }

    /// <summary>Copies an element's values.</summary>
    /// <param name="block">The block.</param>
    /// <param name="element">The element's place in the block.</param>
    public void Load(in ScalarBlock block, int element)
    {
        block.CopyElement(0, element, Response);
        for (var s = 0; s < _predictors.Length; s++)
            block.CopyElement(s + 1, element, _predictors[s]);
        FiniteCount = 0;
        for (var i = 0; i < Response.Length; i++)
        {
            var isFinite = double.IsFinite(Response[i]);
            foreach (var predictor in _predictors)
                isFinite &= double.IsFinite(predictor[i]);
            if (isFinite)
                _finite[FiniteCount++] = i;
            else
                Response[i] = double.NaN;
        }
    }

    /// <summary>The number of selected subjects that were finite in every scalar when the values were loaded.</summary>
    public int CountSelected()
    {
        if (_selected is null)
            return FiniteCount;
        var count = 0;
        foreach (var subject in _selected)
            if (!double.IsNaN(Response[subject]))
                count++;
        return count;
    }

    /// <summary>Removes the finite subjects whose value in <paramref name="values"/>, the transformed response, is NaN.</summary>
    public void Restrict(ReadOnlySpan<double> values)
    {
        var kept = 0;
        for (var i = 0; i < FiniteCount; i++)
            if (!double.IsNaN(values[_finite[i]]))
                _finite[kept++] = _finite[i];
        FiniteCount = kept;
    }
}
