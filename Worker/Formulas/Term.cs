namespace HpcFit.Worker.Formulas;

/// <summary>A term of the right-hand side: the product of some variables.</summary>
/// <param name="Variables">Indices into <see cref="Formula.Variables"/>, ascending.</param>
/// <param name="Label">R's term label: the variables' texts joined by colons.</param>
/// <param name="Index">0-based position among all terms of the formula, including smooths, in R's order of terms (by degree).</param>
internal sealed record Term(IReadOnlyList<int> Variables, string Label, int Index);
