namespace HpcFit.Worker.Formulas;

/// <summary>A variable's values at some rows, in the coding of the design.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Numbers">A numeric variable's matrix, column-major; null for a factor.</param>
/// <param name="Codes">A factor's codes, -1 missing, <see cref="OtherLevel"/>; null for a numeric variable.</param>
internal sealed record CodedVariable(int Rows, double[]? Numbers, int[]? Codes)
{
    /// <summary>The code of a level that the run's design does not have: intervals of <c>cut(x, 3)</c> depend on the rows.</summary>
    public const int OtherLevel = -2;

    public bool IsMissing(int row)
    {
        if (Codes is not null)
            return Codes[row] == -1;
        for (var at = row; at < Numbers!.Length; at += Rows)
        {
            if (double.IsNaN(Numbers[at]))
                return true;
        }
        return false;
    }

    /// <summary>Whether a number in the row is infinite.</summary>
    public bool IsInfinite(int row)
    {
        for (var at = row; Numbers is not null && at < Numbers.Length; at += Rows)
        {
            if (double.IsInfinity(Numbers[at]))
                return true;
        }
        return false;
    }

    /// <summary>A variable's factor of a model column at a row; NaN if missing.</summary>
    public double this[DesignColumn.Part part, int row] =>
        part.ValueOfLevel is null ? Numbers![(part.Column * Rows) + row]
        : Codes![row] < 0 ? double.NaN
        : part.ValueOfLevel[Codes[row]];
}
