using HpcFit.Shared.Cohort;
using HpcFit.Shared.Functions;
using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Custom;

/// <summary>
/// What an interpreter receives once: the function and its arguments, the phenotypes, and the names of the scalars that it receives with
/// every element.
/// </summary>
/// <param name="Spec">The user's options.</param>
/// <param name="File">The function's file.</param>
/// <param name="Cohort">The phenotypes, row i belonging to the model's subject i.</param>
/// <param name="Scalars">The attached scalars in the order of their columns, which follow the phenotypes'.</param>
internal sealed record FunctionCall(CustomSpec Spec, FunctionFile File, CohortTable Cohort, IReadOnlyList<string> Scalars)
{
    /// <summary>The time limit of one element.</summary>
    public TimeSpan ElementTimeout => TimeSpan.FromSeconds(Spec.ElementTimeoutSeconds);

    /// <summary>Writes it as docs/formats/bridge.md defines.</summary>
    public void WriteTo(BridgeWriter writer)
    {
        writer.Write([
            File.Path,
            File.Folder,
            File.Language == FunctionLanguage.Assembly ? File.Digest : File.Text(),
            Spec.FunctionName ?? "",
            Spec.FunctionArgs,
        ]);
        writer.Write(Spec.WriteScalar is null ? 0 : 1);
        writer.Write(Cohort.Rows);
        writer.Write(Cohort.Columns.Count);
        foreach (var column in Cohort.Columns)
            WriteColumn(writer, column);
        writer.Write(Scalars);
    }

    private static void WriteColumn(BridgeWriter writer, CohortColumn column)
    {
        writer.Write(column.Name);
        switch (column)
        {
            case NumericColumn { IsInteger: true } integers when integers.Values.All(FitsInteger):
                writer.Write((int)PhenotypeKind.Whole);
                writer.Write(Integers(integers.Values));
                break;
            case NumericColumn numbers:
                writer.Write((int)PhenotypeKind.Number);
                writer.Write(numbers.Values);
                break;
            case LogicalColumn truths:
                writer.Write((int)PhenotypeKind.Logical);
                writer.Write(Integers(truths.Values));
                break;
            case FactorColumn factor:
                writer.Write((int)(factor.IsOrdered ? PhenotypeKind.Ordered : PhenotypeKind.Factor));
                writer.Write([.. factor.Levels]);
                writer.Write(factor.Codes.Select(code => code < 0 ? PhenotypeKinds.Missing : code + 1).ToArray());
                break;
            case TextColumn texts:
                writer.Write((int)PhenotypeKind.Text);
                writer.Write(texts.Values);
                break;
            default:
                throw new ArgumentException($"The column '{column.Name}' is of the unknown type {column.GetType().Name}.", nameof(column));
        }
    }

    private static bool FitsInteger(double value) => double.IsNaN(value) || Math.Abs(value) <= int.MaxValue;

    private static int[] Integers(double[] values) =>
        [.. values.Select(value => double.IsNaN(value) ? PhenotypeKinds.Missing : (int)value)];
}
