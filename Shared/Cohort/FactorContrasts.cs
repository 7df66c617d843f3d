namespace HpcFit.Shared.Cohort;

/// <summary>The contrasts that are set on a factor, as R's attribute <c>contrasts</c>: the name of a function, or a matrix.</summary>
/// <param name="Function">R's name of the function, such as <c>contr.sum</c>; null: a matrix.</param>
/// <param name="Columns">The matrix: per contrast one finite value per level; empty for a function.</param>
/// <param name="Names">The names of the contrasts; empty for a function.</param>
public sealed record FactorContrasts(string? Function, IReadOnlyList<IReadOnlyList<double>> Columns, IReadOnlyList<string> Names)
{
    /// <summary>Writes the contrasts canonically, for digests.</summary>
    internal void Write(BinaryWriter writer)
    {
        writer.Write("contrasts");
        writer.Write(Function ?? "");
        writer.Write(Columns.Count);
        foreach (var (name, column) in Names.Zip(Columns))
        {
            writer.Write(name);
            foreach (var value in column)
                writer.Write(value);
        }
    }
}
