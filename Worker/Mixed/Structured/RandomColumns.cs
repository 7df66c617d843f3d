using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>The statistics of random effects of a model, by package broom.mixed's names, in the order of result columns.</summary>
internal sealed class RandomColumns
{
    public RandomColumns(RandomStructure structure)
    {
        var columns = new List<RandomColumn>();
        var names = new List<(string Group, string Statistic)>();
        for (var t = 0; t < structure.Terms.Count; t++)
        {
            var (group, effects) = (structure.Terms[t].Term.Group, structure.Terms[t].EffectNames);
            for (var i = 0; i < effects.Length; i++)
                Add(new(t, i, i), $"sd__{effects[i]}");
            for (var i = 0; i < effects.Length; i++)
            for (var j = i + 1; j < effects.Length; j++)
                Add(new(t, i, j), $"cor__{effects[i]}.{effects[j]}");

            void Add(RandomColumn column, string statistic)
            {
                columns.Add(column);
                names.Add((group, statistic));
            }
        }
        (Columns, Names) = (columns, names);
    }

    /// <summary>The place of a statistic.</summary>
    public int IndexOf(RandomColumn column) => Columns.ToList().IndexOf(column);

    /// <summary>The term and effects of each.</summary>
    public IReadOnlyList<RandomColumn> Columns { get; }

    /// <summary>The grouping factor and the statistic's name of each.</summary>
    public IReadOnlyList<(string Group, string Statistic)> Names { get; }
}

/// <summary>A standard deviation, or where the effects differ a correlation, of random effects.</summary>
/// <param name="Term">The term.</param>
/// <param name="First">An effect.</param>
/// <param name="Second">The same, or a later one.</param>
internal readonly record struct RandomColumn(int Term, int First, int Second);
