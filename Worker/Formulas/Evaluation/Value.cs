namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>The value of an expression at some rows. A constant has one row and is recycled.</summary>
internal abstract record Value
{
    /// <summary>The number of rows.</summary>
    public abstract int Rows { get; }

    /// <summary>Whether the row has no value (R's is.na: NaN counts, infinities do not).</summary>
    public abstract bool IsMissing(int row);
}

/// <summary>A numeric vector or matrix; NaN is missing.</summary>
/// <param name="Data">Column-major, <c>Rows x Columns</c>.</param>
/// <param name="Columns">The number of columns; 1 for a vector.</param>
/// <param name="ColumnNames">A matrix's column names, or null: 1, 2, ….</param>
/// <param name="IsLogical">Whether the values are logicals, 0 and 1, which R treats as a factor in a model matrix.</param>
internal sealed record NumericValue(double[] Data, int Columns = 1, IReadOnlyList<string>? ColumnNames = null, bool IsLogical = false)
    : Value
{
    public override int Rows => Data.Length / Columns;

    public override bool IsMissing(int row)
    {
        for (var at = row; at < Data.Length; at += Rows)
        {
            if (double.IsNaN(Data[at]))
                return true;
        }
        return false;
    }
}

/// <summary>A character vector; null is missing.</summary>
internal sealed record TextValue(string?[] Data) : Value
{
    public override int Rows => Data.Length;

    public override bool IsMissing(int row) => Data[row] is null;
}

/// <summary>A factor; code -1 is missing.</summary>
/// <param name="Codes">The level of each row.</param>
/// <param name="Levels">The levels, in the factor's order.</param>
/// <param name="IsOrdered">Whether it is an ordered factor (R's ordered()).</param>
/// <param name="Contrast">Contrasts set by <c>C()</c> or in the cohort, or null.</param>
internal sealed record FactorValue(int[] Codes, IReadOnlyList<string> Levels, bool IsOrdered = false, Contrast? Contrast = null) : Value
{
    public override int Rows => Codes.Length;

    public override bool IsMissing(int row) => Codes[row] < 0;
}
