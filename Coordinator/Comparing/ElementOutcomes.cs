using System.Globalization;
using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Comparing;

/// <summary>At which elements two models can be compared.</summary>
internal static class ElementOutcomes
{
    /// <summary>
    /// The status of each element: that of the first model, else that of the second, or <see cref="ElementStatus.NotComparable"/>.
    /// </summary>
    /// <remarks>
    /// Both models have the same subjects, of which an element lacks those whose scalars are missing there. If one model reads all scalars
    /// of the other, its subjects are among those of the other, so equal numbers are equal subjects. Otherwise only an element without
    /// missing subjects certainly has the same ones.
    /// </remarks>
    /// <param name="a">One model.</param>
    /// <param name="b">The other model.</param>
    /// <param name="rowsOfA">The number of subjects at each element.</param>
    /// <param name="rowsOfB">The same of the other model.</param>
    public static (ElementStatus[] Statuses, long OtherSubjects) Compute(
        ComparedModel a,
        ComparedModel b,
        double[] rowsOfA,
        double[] rowsOfB
    )
    {
        var (first, second) = (a.ReadStatuses(), b.ReadStatuses());
        var (scalarsOfA, scalarsOfB) = (a.Record.Values("scalars"), b.Record.Values("scalars"));
        var nested = scalarsOfA.All(scalarsOfB.Contains) || scalarsOfB.All(scalarsOfA.Contains);
        var all = double.TryParse(a.Record.Value("subjects_used"), CultureInfo.InvariantCulture, out var used) ? used : double.NaN;
        var statuses = new ElementStatus[rowsOfA.Length];
        var others = 0L;
        for (var i = 0; i < statuses.Length; i++)
        {
            var same = rowsOfA[i] == rowsOfB[i] && (nested || rowsOfA[i] == all);
            var hasValues = !double.IsNaN(rowsOfA[i]) && !double.IsNaN(rowsOfB[i]);
            if (hasValues && !same)
                others++;
            statuses[i] = hasValues && same ? Worse(first?[i] ?? 0, second?[i] ?? 0) : ElementStatus.NotComparable;
        }
        return (statuses, others);
    }

    private static ElementStatus Worse(double one, double other) => (ElementStatus)(one != 0 ? one : other);
}
