using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Permutation;

/// <summary>A hypothesis in the coordinates of the columns in which hypotheses differ (<see cref="ShuffledDesign.Varying"/>).</summary>
internal sealed class ShuffledHypothesis
{
    private const double NoNuisance = 1e-18;

    /// <summary>The hypothesis in some coordinates.</summary>
    /// <param name="space">The hypothesis.</param>
    /// <param name="vectors">The coordinates' orthonormal directions.</param>
    public ShuffledHypothesis(TestedSpace space, double[][] vectors)
    {
        Space = space;
        var rank = vectors.Length > 0 ? vectors[0].Length : 0;
        Directions = new double[space.Degrees * vectors.Length];
        for (var d = 0; d < space.Degrees; d++)
        for (var i = 0; i < vectors.Length; i++)
            Directions[(d * vectors.Length) + i] = Sequential.Dot(space.Directions.AsSpan(d * rank, rank), vectors[i]);
        var nuisance = new double[vectors.Length * vectors.Length];
        var (image, squares) = (new double[rank], 0.0);
        for (var column = 0; column < vectors.Length; column++)
        {
            for (var k = 0; k < rank; k++)
                image[k] = Sequential.Dot(space.Nuisance.AsSpan(k * rank, rank), vectors[column]);
            for (var row = 0; row < vectors.Length; row++)
            {
                var entry = Sequential.Dot(image, vectors[row]);
                nuisance[(row * vectors.Length) + column] = entry;
                squares += entry * entry;
            }
        }
        Nuisance = squares > NoNuisance ? nuisance : null;
    }

    /// <summary>The hypothesis.</summary>
    public TestedSpace Space { get; }

    /// <summary>Degrees of freedom of the numerator.</summary>
    public int Degrees => Space.Degrees;

    /// <summary>Its orthonormal directions, one after the other.</summary>
    public double[] Directions { get; }

    /// <summary>The projector on its nuisance part, row-major; null: all of its nuisance part is common to all hypotheses.</summary>
    public double[]? Nuisance { get; }
}
