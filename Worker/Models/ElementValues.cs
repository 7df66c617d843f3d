namespace HpcFit.Worker.Models;

/// <summary>
/// One element's values taken out of a block: the response and the scalar predictors, one value a subject, and which subjects are finite in
/// all of them. A reused workspace of one thread.
/// </summary>
internal sealed class ElementValues
{
    private readonly double[][] _predictors;
    private readonly int[] _finite;

    /// <summary>A workspace.</summary>
    /// <param name="subjects">Subjects of the cohort.</param>
    /// <param name="predictors">How many scalars a block holds besides the response.</param>
    public ElementValues(int subjects, int predictors)
    {
        Response = new double[subjects];
        _predictors = [.. Enumerable.Range(0, predictors).Select(_ => new double[subjects])];
        Predictors = [.. _predictors.Select(values => (ReadOnlyMemory<double>)values)];
        _finite = new int[subjects];
    }

    /// <summary>The response; NaN where it or a predictor is not finite.</summary>
    public double[] Response { get; }

    /// <summary>The predictors as they are, in the block's order.</summary>
    public ReadOnlyMemory<double>[] Predictors { get; }

    /// <summary>The subjects that are finite in every scalar, ascending.</summary>
    public ReadOnlySpan<int> Finite => _finite.AsSpan(0, FiniteCount);

    /// <summary>How many they are.</summary>
    public int FiniteCount { get; private set; }

    /// <summary>Turns to an element.</summary>
    /// <param name="block">The block.</param>
    /// <param name="element">The element's place in the block.</param>
    public void Take(in ScalarBlock block, int element)
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

    /// <summary>Leaves out the finite subjects that <paramref name="values"/> lacks: a response that its transformation made NaN.</summary>
    public void Restrict(ReadOnlySpan<double> values)
    {
        var kept = 0;
        for (var i = 0; i < FiniteCount; i++)
            if (!double.IsNaN(values[_finite[i]]))
                _finite[kept++] = _finite[i];
        FiniteCount = kept;
    }
}
