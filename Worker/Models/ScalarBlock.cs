using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Models;

/// <summary>Values of all of a model's scalars at the same consecutive elements: what an engine fits.</summary>
/// <param name="Scalars">The values, in the order of <see cref="IModelEngine.Scalars"/>: at least the response's.</param>
/// <param name="SubjectRows">For each scalar, the row of each of the model's subjects (the rows of the cohort). The same object for all
/// blocks of a model.</param>
internal readonly record struct ScalarBlock(ReadOnlyMemory<ScalarValues> Scalars, int[][] SubjectRows)
{
    /// <summary>The 0-based id of the first element.</summary>
    public long FirstElement => Scalars.Span[0].FirstElement;

    /// <summary>How many elements.</summary>
    public int Count => Scalars.Span[0].Count;

    /// <summary>Copies one scalar's values at one element, one per subject of the model.</summary>
    /// <param name="scalar">The scalar's index.</param>
    /// <param name="element">The element, counted from the block's first.</param>
    /// <param name="values">Receives the values.</param>
    public void CopyElement(int scalar, int element, Span<double> values) =>
        Scalars.Span[scalar].CopyElement(element, SubjectRows[scalar], values);
}
