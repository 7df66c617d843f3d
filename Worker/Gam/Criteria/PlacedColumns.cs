using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// A model matrix put together from parametric columns and smooths, with the positions of coefficients, penalties and penalised
/// coordinates. The columns of random effects that are to be absorbed are kept apart; their penalties are the last.
/// </summary>
internal sealed class PlacedColumns
{
    /// <summary>Puts the columns together.</summary>
    /// <param name="parametric">Parametric columns: rows × columns.</param>
    /// <param name="smooths">The smooths with their side conditions, in the formula's order.</param>
    /// <param name="absorbed">Those of them that are absorbed.</param>
    /// <exception cref="AliasedColumnsException">Smooths with the same id have different penalties.</exception>
    public PlacedColumns(DenseMatrix parametric, IReadOnlyList<Smooth> smooths, IReadOnlyList<Smooth> absorbed)
    {
        (X, ParametricCount) = (parametric, parametric.Columns);
        var placed = new List<PlacedSmooth>();
        var parameters = new List<double>();
        var (penalised, apart) = (0, new List<(Smooth Smooth, int Index, int First)>());
        foreach (var smooth in smooths)
        {
            if (absorbed.Contains(smooth, ReferenceEqualityComparer.Instance))
            {
                apart.Add((smooth, placed.Count + apart.Count, X.Columns));
                continue;
            }
            var earlier = placed.Find(other => smooth.Id is not null && other.Smooth.Id == smooth.Id);
            if (earlier is not null && earlier.Smooth.Penalties.Count != smooth.Penalties.Count)
                throw new AliasedColumnsException(
                    $"{smooth.Label} has other penalties than {earlier.Smooth.Label}, which has the same id."
                );
            var place = new PlacedSmooth(
                smooth,
                X.Columns,
                earlier?.FirstPenalty ?? parameters.Count,
                penalised,
                new PenaltyCoordinates(smooth.Penalties, smooth.X.Columns)
            );
            placed.Add(place);
            if (earlier is null)
                parameters.AddRange(smooth.SmoothingParameters);
            penalised += place.PenalisedCount;
            X = X.ConcatenateColumns(smooth.X);
        }
        foreach (var (smooth, index, first) in apart)
        {
            placed.Insert(index, Apart(smooth, first, parameters.Count, penalised));
            parameters.AddRange(smooth.SmoothingParameters);
        }
        AbsorbedColumns = [.. apart.Select(one => one.Smooth.X)];
        (Smooths, FixedParameters, PenalisedCount) = (placed, [.. parameters], penalised);
    }

    /// <summary>The model matrix without the absorbed columns.</summary>
    public DenseMatrix X { get; }

    /// <summary>How many of them are parametric.</summary>
    public int ParametricCount { get; }

    /// <summary>The columns of the absorbed smooths.</summary>
    public IReadOnlyList<DenseMatrix> AbsorbedColumns { get; }

    /// <summary>All coefficients.</summary>
    public int Count => X.Columns + AbsorbedColumns.Sum(columns => columns.Columns);

    /// <summary>The smooths in the formula's order.</summary>
    public IReadOnlyList<PlacedSmooth> Smooths { get; }

    /// <summary>λ per penalty if fixed; negative: estimated.</summary>
    public double[] FixedParameters { get; }

    /// <summary>The number of penalised coordinates.</summary>
    public int PenalisedCount { get; }

    /// <summary>Coefficients × unpenalised coordinates: parametric columns, then each smooth's unpenalised functions.</summary>
    public DenseMatrix FreeColumns()
    {
        var free = new DenseMatrix(X.Columns, ParametricCount + Smooths.Sum(place => place.Coordinates.Null.Columns));
        for (var i = 0; i < ParametricCount; i++)
            free[i, i] = 1;
        var column = ParametricCount;
        foreach (var place in Smooths)
        {
            free.SetBlock(place.First, column, place.Coordinates.Null);
            column += place.Coordinates.Null.Columns;
        }
        return free;
    }

    /// <summary>Whether a column of <see cref="FreeColumns"/> belongs to a smooth.</summary>
    public bool IsOf(PlacedSmooth place, int freeColumn)
    {
        var first = ParametricCount + Smooths.TakeWhile(other => other != place).Sum(other => other.Coordinates.Null.Columns);
        return freeColumn >= first && freeColumn < first + place.Coordinates.Null.Columns;
    }

    /// <summary>Coefficients × penalised coordinates.</summary>
    public DenseMatrix PenalisedColumns()
    {
        var penalised = new DenseMatrix(X.Columns, PenalisedCount);
        foreach (var place in Smooths)
            penalised.SetBlock(place.First, place.FirstPenalised, place.Coordinates.Range);
        return penalised;
    }

    /// <summary>The absorbed smooth without its columns and the zeros of its penalty, which take most of a model's memory.</summary>
    private static PlacedSmooth Apart(Smooth absorbed, int first, int penalty, int penalised)
    {
        var scale = new DenseMatrix(1, 1);
        scale[0, 0] = absorbed.Penalties[0][0, 0];
        var slim = absorbed with { X = new DenseMatrix(0, absorbed.X.Columns), Penalties = [scale] };
        return new PlacedSmooth(slim, first, penalty, penalised, new PenaltyCoordinates([], 0)) { IsAbsorbed = true };
    }
}
