using HpcFit.Shared.Cohort;
using HpcFit.Shared.Functions;

namespace HpcFit.ScriptHost;

/// <summary>What the worker sends once: the function and everything that is the same at all elements.</summary>
/// <param name="Path">The function's file.</param>
/// <param name="Text">A script's text; an assembly's digest.</param>
/// <param name="Name">The function's name; empty: the default.</param>
/// <param name="Arguments">Its further arguments, as typed.</param>
/// <param name="BySource">Whether it returns one value per source file.</param>
/// <param name="Cohort">The phenotypes.</param>
/// <param name="Scalars">The attached scalars.</param>
internal sealed record FunctionDefinition(
    string Path,
    string Text,
    string Name,
    string Arguments,
    bool BySource,
    CohortTable Cohort,
    IReadOnlyList<string> Scalars
)
{
    /// <summary>Whether the file is a built assembly.</summary>
    public bool IsAssembly => System.IO.Path.GetExtension(Path).Equals(".dll", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads it as docs/formats/bridge.md defines.</summary>
    public static FunctionDefinition Read(BridgeReader reader)
    {
        var texts = reader.ReadTexts();
        var bySource = reader.ReadInt() != 0;
        var rows = reader.ReadInt();
        var columns = new CohortColumn[reader.ReadInt()];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = ReadColumn(reader, rows);
        return new(texts[0], texts[2], texts[3], texts[4], bySource, new(texts[0], columns), reader.ReadTexts());
    }

    private static CohortColumn ReadColumn(BridgeReader reader, int rows)
    {
        var name = reader.ReadTexts()[0];
        var kind = (PhenotypeKind)reader.ReadInt();
        switch (kind)
        {
            case PhenotypeKind.Number:
                var numbers = new double[rows];
                reader.ReadDoubles(numbers);
                return new NumericColumn(name, numbers, IsInteger: false);
            case PhenotypeKind.Whole:
                return new NumericColumn(name, [.. ReadInts(reader, rows).Select(Number)], IsInteger: true);
            case PhenotypeKind.Logical:
                return new LogicalColumn(name, [.. ReadInts(reader, rows).Select(Number)]);
            case PhenotypeKind.Text:
                return new TextColumn(name, reader.ReadTextsOrNulls());
            case PhenotypeKind.Factor or PhenotypeKind.Ordered:
                var levels = reader.ReadTexts();
                return new FactorColumn(
                    name,
                    [.. ReadInts(reader, rows).Select(code => code == PhenotypeKinds.Missing ? -1 : code - 1)],
                    levels,
                    kind == PhenotypeKind.Ordered
                );
            default:
                throw new InvalidDataException($"The phenotype '{name}' is of kind {kind}, which this host does not know.");
        }
    }

    private static int[] ReadInts(BridgeReader reader, int rows)
    {
        var values = new int[rows];
        reader.ReadInts(values);
        return values;
    }

    private static double Number(int value) => value == PhenotypeKinds.Missing ? double.NaN : value;
}
