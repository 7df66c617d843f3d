using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Mixed.Structured.Tables;

/// <summary>Terms whose effects the fixed effects explain, so that they have no variance. A reused workspace.</summary>
/// <param name="structure">The random terms.</param>
/// <param name="columns">The number of columns of the model matrix.</param>
internal sealed class Confounding(RandomStructure structure, int columns)
{
    /// <summary>The part of the squared lengths of all effects outside the fixed effects that is rounding errors.</summary>
    private const double Tolerance = 1e-10;

    private readonly double[] _cross = new double[columns];
    private readonly double[] _crossings = new double[structure.DenseColumns * columns];
    private readonly double[] _squares = new double[structure.DenseColumns];
    private double _outside;
    private double _all;

    /// <summary>The first term no part of whose effects is outside the fixed effects; -1: none.</summary>
    public int Find(StructuredDesign design)
    {
        Array.Clear(_crossings);
        Array.Clear(_squares);
        for (var t = 0; t < structure.Terms.Count; t++)
        {
            (_outside, _all) = (0, 0);
            if (structure.Terms[t].IsAbsorbed)
                AddAbsorbed(design, structure.Terms[t]);
            else
                AddDense(design, t);
            if (_outside <= Tolerance * _all)
                return t;
        }
        return -1;
    }

    private void AddAbsorbed(StructuredDesign design, StructuredTerm term)
    {
        var (size, effects) = (design.Size, structure.AbsorbedEffects);
        var cross = _cross.AsSpan(0, design.Rank);
        for (var group = 0; group < design.Groups.Count; group++)
        for (var e = term.Start; e < term.Start + term.Effects; e++)
        {
            cross.Clear();
            for (var a = 0; a <= e; a++)
                FixedOrder.Add(
                    design.Groups.R(group, a, e),
                    design.Coordinates.AsSpan((((group * effects) + a) * size) + structure.DenseColumns, design.Rank),
                    cross
                );
            Add(design.Groups.SquaredLength(group, e), cross);
        }
    }

    private void AddDense(StructuredDesign design, int t)
    {
        var (term, rank) = (structure.Terms[t], design.Rank);
        for (var row = 0; row < design.Rows; row++)
        for (var e = 0; e < term.Effects; e++)
        {
            var (column, value) = (design.DenseColumn[t][row] + e, design.DenseEffects[t][(row * term.Effects) + e]);
            _squares[column] += value * value;
            FixedOrder.Add(value, design.Basis.AsSpan(row * rank, rank), _crossings.AsSpan(column * rank, rank));
        }
        for (var column = term.Start; column < term.Start + (term.Effects * structure.Factors[term.Factor].Levels); column++)
            Add(_squares[column], _crossings.AsSpan(column * rank, rank));
    }

    private void Add(double squares, ReadOnlySpan<double> cross)
    {
        _all += squares;
        _outside += Math.Abs(squares - FixedOrder.Dot(cross, cross));
    }
}
