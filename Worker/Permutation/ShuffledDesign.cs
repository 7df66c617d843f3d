using HpcFit.Worker.Linear;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// The model matrix of all subjects for hypotheses that share a list of shuffles: an orthonormal basis whose first columns span the part
/// that is nuisance of all of them. Immutable and shared by threads.
/// </summary>
/// <remarks>
/// With the responses replaced by their residuals E on the common part, a hypothesis' residuals are e = E - Q v, where v is the projection
/// of Q'E on its nuisance part; they are shuffled and fitted again (Freedman and Lane 1983; Winkler et al. 2014, NeuroImage 92:381).
/// </remarks>
internal sealed class ShuffledDesign
{
    private const double InsideTolerance = 1e-9;

    /// <summary>The design of a list of shuffles.</summary>
    /// <param name="design">The model matrix of all subjects.</param>
    /// <param name="hypotheses">The hypotheses, which can all be tested.</param>
    /// <param name="flips">Whether signs change: then the mean of shuffled residuals is not 0.</param>
    public ShuffledDesign(WholeCohortDesign design, IReadOnlyList<TestedSpace> hypotheses, bool flips)
    {
        (Rows, Rank) = (design.Rows.Length, design.Rank);
        var tested = new OrthonormalVectors(Rank);
        foreach (var hypothesis in hypotheses)
            for (var column = 0; column < Rank; column++)
                tested.Add(OutsideNuisance(hypothesis, column));
        var constant = Constant(design);
        var all = new OrthonormalVectors(Rank);
        foreach (var vector in tested.Vectors)
            all.Add(vector);
        var hasConstant = constant is not null && tested.LengthInside(constant) < InsideTolerance && all.Add(constant);
        for (var column = 0; column < Rank; column++)
            all.Add(Unit(column));
        Common = Rank - tested.Vectors.Count;
        double[][] vectors = [.. all.Vectors.Skip(tested.Vectors.Count), .. tested.Vectors];
        Basis = Rotated(design.Basis, vectors);
        HasConstant = hasConstant && design.RootWeights is null;
        Skipped = HasConstant && !flips ? 1 : 0;
        Hypotheses = [.. hypotheses.Select(one => new ShuffledHypothesis(one, [.. tested.Vectors]))];
        Rounding = new(Rows, Rank);
    }

    /// <summary>The subjects in the fit.</summary>
    public int Rows { get; }

    /// <summary>Columns of the basis.</summary>
    public int Rank { get; }

    /// <summary>How many of the basis' first columns are nuisance of all hypotheses.</summary>
    public int Common { get; }

    /// <summary>The columns that hypotheses differ in, the last of the basis.</summary>
    public int Varying => Rank - Common;

    /// <summary>Whether equal responses of all subjects are nuisance of all hypotheses.</summary>
    public bool HasConstant { get; }

    /// <summary>
    /// 1 if the first column is the constant and the residuals' mean stays 0 however they are shuffled, so that no product with it is
    /// needed; otherwise 0.
    /// </summary>
    public int Skipped { get; }

    /// <summary>The residual degrees of freedom.</summary>
    public int ResidualDegrees => Rows - Rank;

    /// <summary>The basis, rows × rank, row-major.</summary>
    public double[] Basis { get; }

    /// <summary>The hypotheses.</summary>
    public IReadOnlyList<ShuffledHypothesis> Hypotheses { get; }

    /// <summary>How far rounding may move its statistics.</summary>
    public StatisticRounding Rounding { get; }

    /// <summary>The coordinates of the constant, weighted like the rows and of length 1; null: it is not in the span.</summary>
    public static double[]? Constant(WholeCohortDesign design)
    {
        var (coordinates, squares) = (new double[design.Rank], 0.0);
        for (var row = 0; row < design.Rows.Length; row++)
        {
            var weight = design.RootWeights?[row] ?? 1;
            squares += weight * weight;
            for (var column = 0; column < design.Rank; column++)
                coordinates[column] += design.Basis[(row * design.Rank) + column] * weight;
        }
        var inside = 0.0;
        for (var column = 0; column < design.Rank; column++)
        {
            coordinates[column] /= Math.Sqrt(squares);
            inside += coordinates[column] * coordinates[column];
        }
        return inside > 1 - InsideTolerance ? coordinates : null;
    }

    private double[] OutsideNuisance(TestedSpace hypothesis, int column)
    {
        var vector = Unit(column);
        for (var row = 0; row < Rank; row++)
            vector[row] -= hypothesis.Nuisance[(row * Rank) + column];
        return vector;
    }

    private double[] Unit(int column)
    {
        var vector = new double[Rank];
        vector[column] = 1;
        return vector;
    }

    private double[] Rotated(double[] basis, double[][] vectors)
    {
        var rotated = new double[basis.Length];
        for (var row = 0; row < Rows; row++)
        for (var column = 0; column < Rank; column++)
        for (var k = 0; k < Rank; k++)
            rotated[(row * Rank) + column] += basis[(row * Rank) + k] * vectors[column][k];
        return rotated;
    }
}
