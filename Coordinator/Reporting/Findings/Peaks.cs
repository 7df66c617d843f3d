namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>The strongest elements of a term that are not close to a stronger one.</summary>
internal static class Peaks
{
    /// <summary>Peaks are at least this far apart, in millimetres.</summary>
    public const double Separation = 8;

    /// <summary>The same where the file has no positions in millimetres, in voxels.</summary>
    public const double SeparationInVoxels = 4;

    private const int MaxPeaks = 20;
    private const int WithoutFinding = 5;
    private const int Looked = 1000;

    /// <summary>Finds peaks below a threshold; where no element is, the strongest ones regardless of it.</summary>
    /// <param name="term">The term.</param>
    /// <param name="space">Where the elements are.</param>
    /// <param name="threshold">The threshold of <see cref="Term.Decisive"/>.</param>
    /// <returns>Rows, the strongest first.</returns>
    public static IReadOnlyList<int> Find(Term term, ElementSpace space, double threshold)
    {
        var all = Enumerable.Range(0, term.Decisions.Length).Where(row => !double.IsNaN(term.Decisions[row]));
        var found = all.Where(row => term.IsBelow(row, threshold)).ToList();
        // Corrections make many values equal; the uncorrected one distinguishes them.
        var ordered = (found.Count > 0 ? found : all).OrderBy(row => (term.Decisions[row], term.PValues[row], row));
        var rows = found.Count > 0 ? ordered : ordered.Take(Looked);
        var max = found.Count > 0 ? MaxPeaks : WithoutFinding;
        var peaks = new List<int>();
        foreach (var row in rows.TakeWhile(_ => peaks.Count < max))
        {
            if (space.Unit.Length == 0 || peaks.TrueForAll(peak => IsApart(space, peak, row)))
                peaks.Add(row);
        }
        return peaks;
    }

    private static bool IsApart(ElementSpace space, int one, int other) =>
        space.Distance(one, other) >= (space.Unit == "mm" ? Separation : SeparationInVoxels);
}
