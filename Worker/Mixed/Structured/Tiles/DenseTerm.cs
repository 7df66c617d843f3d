using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>A random term whose effects are columns of E.</summary>
/// <param name="Term">The index of the term.</param>
/// <param name="Start">Its first column.</param>
/// <param name="End">The column after its last.</param>
/// <param name="Effects">The number of effects per group.</param>
/// <param name="FirstParameter">The index of its first parameter.</param>
/// <param name="Moved">What to add to its columns of the element's design (<see cref="StructuredDesign.DenseColumn"/>).</param>
internal sealed record DenseTerm(int Term, int Start, int End, int Effects, int FirstParameter, int Moved);
