using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Linear;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// A hypothesis in the coordinates u = Q'y of a model matrix: its tested directions, and the projector on its nuisance part.
/// </summary>
internal sealed class TestedSpace
{
    private const double ConstantTolerance = 1e-8;

    private readonly int _rank;

    /// <summary>The space of a hypothesis.</summary>
    /// <param name="design">The model matrix of all subjects.</param>
    /// <param name="place">The hypothesis' place among those of the model.</param>
    /// <param name="ofWholeModel">Whether all of the model but the tested directions is the nuisance part, also in tests of type II, where
    /// terms that contain tested ones are part of the model only.</param>
    public TestedSpace(WholeCohortDesign design, int place, bool ofWholeModel)
    {
        var hypothesis = design.Hypotheses.Hypotheses[place];
        (Place, _rank) = (place, design.Rank);
        IsSigned = hypothesis.Kind == HypothesisKind.T;
        Name = IsSigned ? hypothesis.Name : hypothesis.Name + ".F";
        Directions = IsSigned ? Unit(design.Hypotheses.Functionals(place)) : design.Hypotheses.Directions(place).ToArray();
        Nuisance = ofWholeModel ? Complement() : design.Hypotheses.Nuisance(place).ToArray();
    }

    /// <summary>The hypothesis' place among those of the model.</summary>
    public int Place { get; }

    /// <summary>The first part of the names of its result columns.</summary>
    public string Name { get; }

    /// <summary>Whether the statistic is t; otherwise it is F.</summary>
    public bool IsSigned { get; }

    /// <summary>Degrees of freedom of the numerator.</summary>
    public int Degrees => Directions.Length / _rank;

    /// <summary>Orthonormal directions, one after the other, each of as many values as the rank.</summary>
    public double[] Directions { get; }

    /// <summary>The orthogonal projector on the nuisance part, rank × rank.</summary>
    public double[] Nuisance { get; }

    /// <summary>Whether a vector in the span of the model matrix is outside of the nuisance part.</summary>
    /// <param name="coordinates">The vector's coordinates, of length 1.</param>
    public bool Tests(ReadOnlySpan<double> coordinates)
    {
        var inNuisance = 0.0;
        for (var row = 0; row < _rank; row++)
        {
            var product = 0.0;
            for (var column = 0; column < _rank; column++)
                product += Nuisance[(row * _rank) + column] * coordinates[column];
            inNuisance += product * product;
        }
        return inNuisance < 1 - ConstantTolerance;
    }

    private double[] Complement()
    {
        var projector = new double[_rank * _rank];
        for (var row = 0; row < _rank; row++)
        {
            projector[(row * _rank) + row] = 1;
            for (var column = 0; column < _rank; column++)
            for (var d = 0; d < Degrees; d++)
                projector[(row * _rank) + column] -= Directions[(d * _rank) + row] * Directions[(d * _rank) + column];
        }
        return projector;
    }

    private static double[] Unit(ReadOnlySpan<double> functional)
    {
        var (unit, squares) = (functional.ToArray(), 0.0);
        foreach (var value in unit)
            squares += value * value;
        for (var i = 0; i < unit.Length; i++)
            unit[i] /= Math.Sqrt(squares);
        return unit;
    }
}
