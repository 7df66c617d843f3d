using HpcFit.Coordinator.Reporting.Markup;

namespace HpcFit.Coordinator.Reporting.Figures;

/// <summary>The values of single subjects at an element against a phenotype.</summary>
internal static class SubjectFigure
{
    /// <summary>Half the width over which the marks of a group are spread, so that equal values remain visible.</summary>
    private const double Spread = 0.25;

    /// <summary>Writes the figure.</summary>
    /// <param name="html">Receives it.</param>
    /// <param name="title">The element.</param>
    /// <param name="scalar">The name of the values.</param>
    /// <param name="values">One value per subject; NaN: missing.</param>
    /// <param name="phenotype">The name of the phenotype.</param>
    /// <param name="predictor">Its value per subject, or the number of its group; NaN: missing.</param>
    /// <param name="groups">The names of the groups; empty: the phenotype is a number.</param>
    public static void Write(
        HtmlWriter html,
        string title,
        string scalar,
        double[] values,
        string phenotype,
        double[] predictor,
        IReadOnlyList<string> groups
    )
    {
        int[] known = [.. Enumerable.Range(0, values.Length).Where(at => double.IsFinite(values[at]) && double.IsFinite(predictor[at]))];
        if (known.Length == 0)
            return;
        var names = groups.Count == 0 ? "" : $" {string.Join(", ", groups.Select((name, number) => $"{number}: {name}"))}.";
        Plot.Write(
            html,
            title,
            $"{scalar} of {known.Length:N0} subjects against {phenotype}, not adjusted for other terms of the model.{names}",
            groups.Count == 0
                ? (phenotype, known.Min(at => predictor[at]), known.Max(at => predictor[at]))
                : (phenotype, -0.5, groups.Count - 0.5),
            (scalar, known.Min(at => values[at]), known.Max(at => values[at])),
            plot =>
            {
                foreach (var (place, at) in known.Index())
                    plot.Dot(groups.Count == 0 ? predictor[at] : predictor[at] + Shift(place), values[at], "mark");
            }
        );
    }

    /// <summary>A shift within a group that does not depend on the value: multiples of the golden ratio are spread evenly.</summary>
    private static double Shift(int place) => Spread * ((2 * (place * 0.6180339887498949 % 1)) - 1);
}
