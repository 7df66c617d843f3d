namespace HpcFit.Worker.Formulas;

/// <summary>
/// Decides which factors of a term are coded by contrasts and which by one dummy variable per level.
/// </summary>
/// <remarks>
/// Chambers and Hastie (1992), Statistical Models in S, section 2.4.1: a factor is coded by contrasts when the term's margin without it is
/// in the model. As observed in R 4.2.2 (tests/Worker/Formulas/golden), a margin counts as present when an earlier term contains it, and
/// the empty margin always does, except that without an intercept the first factor of the first term with a factor is coded by all its
/// levels.
/// </remarks>
internal static class MarginRule
{
    /// <param name="terms">The terms' variables, in R's order of terms.</param>
    /// <param name="isFactor">Per variable, whether it is a factor.</param>
    /// <param name="hasIntercept">Whether the model has an intercept.</param>
    /// <returns>For each term and each of its variables, whether it is coded by all its levels.</returns>
    public static bool[][] AllLevels(IReadOnlyList<IReadOnlyList<int>> terms, Func<int, bool> isFactor, bool hasIntercept)
    {
        var coding = new bool[terms.Count][];
        for (var term = 0; term < terms.Count; term++)
        {
            var variables = terms[term];
            coding[term] =
            [
                .. variables.Select(variable =>
                    isFactor(variable)
                    && variables.Count > 1
                    && !terms.Take(term).Any(earlier => variables.All(other => other == variable || earlier.Contains(other)))
                ),
            ];
        }
        if (hasIntercept)
            return coding;
        var (first, place) = First(terms, isFactor);
        if (first >= 0)
            coding[first][place] = true;
        return coding;
    }

    private static (int Term, int Place) First(IReadOnlyList<IReadOnlyList<int>> terms, Func<int, bool> isFactor)
    {
        for (var term = 0; term < terms.Count; term++)
        {
            for (var place = 0; place < terms[term].Count; place++)
            {
                if (isFactor(terms[term][place]))
                    return (term, place);
            }
        }
        return (-1, -1);
    }
}
