using System.Text;

namespace HpcFit.Shared.Cohort;

/// <summary>One typed column of a cohort. Immutable by convention: callers do not write into the arrays.</summary>
/// <param name="Name">Its name.</param>
public abstract record CohortColumn(string Name)
{
    /// <summary>The number of rows.</summary>
    public abstract int Rows { get; }

    /// <summary>Whether the row has no value (R's is.na).</summary>
    public abstract bool IsMissing(int row);

    /// <summary>The row's value as R's as.character writes it; <c>NA</c> if it is missing.</summary>
    public abstract string ValueText(int row);

    /// <summary>The rows at <paramref name="order"/>, in that order.</summary>
    public abstract CohortColumn Take(ReadOnlySpan<int> order);

    /// <summary>
    /// The column as bytes that depend only on its name, type and values: little-endian, one NaN bit pattern, length-prefixed strings. For
    /// digests.
    /// </summary>
    public byte[] ToCanonicalBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(GetType().Name);
        writer.Write(Name);
        writer.Write(Rows);
        WriteValues(writer);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Writes the values canonically.</summary>
    protected abstract void WriteValues(BinaryWriter writer);

    /// <summary>Writes numbers with one bit pattern for all NaNs.</summary>
    protected static void WriteNumbers(BinaryWriter writer, double[] values)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(values);
        foreach (var value in values)
            writer.Write(double.IsNaN(value) ? double.NaN : value);
    }

    /// <summary>The values at <paramref name="order"/>.</summary>
    protected static T[] TakeRows<T>(T[] values, ReadOnlySpan<int> order)
    {
        ArgumentNullException.ThrowIfNull(values);
        var taken = new T[order.Length];
        for (var i = 0; i < order.Length; i++)
            taken[i] = values[order[i]];
        return taken;
    }
}

/// <summary>A numeric column; NaN is missing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">One per row.</param>
/// <param name="IsInteger">Whether R's type is integer, not double.</param>
public sealed record NumericColumn(string Name, double[] Values, bool IsInteger) : CohortColumn(Name)
{
    /// <inheritdoc/>
    public override int Rows => Values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(Values[row]);

    /// <inheritdoc/>
    public override string ValueText(int row) => NumberText.Format(Values[row]);

    /// <inheritdoc/>
    public override CohortColumn Take(ReadOnlySpan<int> order) => this with { Values = TakeRows(Values, order) };

    /// <inheritdoc/>
    protected override void WriteValues(BinaryWriter writer) => WriteNumbers(writer, Values);
}

/// <summary>A logical column: 0, 1, or NaN for missing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">One per row.</param>
public sealed record LogicalColumn(string Name, double[] Values) : CohortColumn(Name)
{
    /// <inheritdoc/>
    public override int Rows => Values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(Values[row]);

    /// <inheritdoc/>
    public override string ValueText(int row) =>
        IsMissing(row) ? "NA"
        : Values[row] == 1 ? "TRUE"
        : "FALSE";

    /// <inheritdoc/>
    public override CohortColumn Take(ReadOnlySpan<int> order) => this with { Values = TakeRows(Values, order) };

    /// <inheritdoc/>
    protected override void WriteValues(BinaryWriter writer) => WriteNumbers(writer, Values);
}

/// <summary>A character column; null is missing, the empty string is a level.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">One per row.</param>
public sealed record TextColumn(string Name, string?[] Values) : CohortColumn(Name)
{
    /// <summary>Whether the file declares the column to be text, so that nothing else can have been intended.</summary>
    public bool IsDeclared { get; init; }

    /// <inheritdoc/>
    public override int Rows => Values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => Values[row] is null;

    /// <inheritdoc/>
    public override string ValueText(int row) => Values[row] ?? "NA";

    /// <inheritdoc/>
    public override CohortColumn Take(ReadOnlySpan<int> order) => this with { Values = TakeRows(Values, order) };

    /// <inheritdoc/>
    protected override void WriteValues(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var value in Values)
        {
            writer.Write(value is not null);
            if (value is not null)
                writer.Write(value);
        }
    }
}

/// <summary>A factor; code -1 is missing. Derived columns and columns of a cohort in JSON can be factors; a CSV file
/// contains strings.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Codes">The level of each row.</param>
/// <param name="Levels">In the factor's order.</param>
/// <param name="IsOrdered">Whether it is an ordered factor (R's ordered()).</param>
public sealed record FactorColumn(string Name, int[] Codes, IReadOnlyList<string> Levels, bool IsOrdered) : CohortColumn(Name)
{
    /// <summary>The contrasts that are set on the factor; null: those of the model or of R's defaults.</summary>
    public FactorContrasts? Contrasts { get; init; }

    /// <inheritdoc/>
    public override int Rows => Codes.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => Codes[row] < 0;

    /// <inheritdoc/>
    public override string ValueText(int row) => IsMissing(row) ? "NA" : Levels[Codes[row]];

    /// <inheritdoc/>
    public override CohortColumn Take(ReadOnlySpan<int> order) => this with { Codes = TakeRows(Codes, order) };

    /// <inheritdoc/>
    protected override void WriteValues(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(IsOrdered);
        writer.Write(Levels.Count);
        foreach (var level in Levels)
            writer.Write(level);
        foreach (var code in Codes)
            writer.Write(code);
        // Only if there are any: the digests of other cohorts stay as they are.
        Contrasts?.Write(writer);
    }
}
