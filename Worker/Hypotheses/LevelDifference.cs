using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Hypotheses;

/// <summary>
/// Whether a combination of coefficients is the difference between two levels of a factor: only coefficients of its main effect have
/// weights, and these are the difference of the codes of two levels. In a model with interactions that is the difference at the reference
/// levels, or at the mean, of the other factors.
/// </summary>
internal static class LevelDifference
{
    private const double Tolerance = 1e-9;

    /// <summary>Whether a coefficient is such a difference.</summary>
    public static bool OfCoefficient(int column, ModelDesign design)
    {
        var weights = new double[design.Columns.Count];
        weights[column] = 1;
        return Is(weights, design);
    }

    /// <summary>Whether the weights are such a difference.</summary>
    public static bool Is(double[] weights, ModelDesign design)
    {
        var used = Enumerable.Range(0, weights.Length).Where(column => weights[column] != 0).ToList();
        var term = used.Count == 0 ? 0 : design.TermOfColumn[used[0]];
        if (term == 0 || used.Exists(column => design.TermOfColumn[column] != term))
            return false;
        var columns = Enumerable.Range(0, weights.Length).Where(column => design.TermOfColumn[column] == term).ToList();
        if (!columns.TrueForAll(column => design.Columns[column].Parts is [{ ValueOfLevel: not null }]))
            return false;
        var codes = columns.ConvertAll(column => design.Columns[column].Parts[0].ValueOfLevel!);
        var levels = Enumerable.Range(0, codes[0].Length).ToList();
        return levels.Exists(a =>
            levels.Exists(b =>
                a != b && Enumerable.Range(0, columns.Count).All(c => Math.Abs(codes[c][a] - codes[c][b] - weights[columns[c]]) < Tolerance)
            )
        );
    }
}
