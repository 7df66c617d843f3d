namespace HpcFit.Worker.Tests.Shuffling;

/// <summary>Sets of shuffles found by search, as slow twins of what is enumerated.</summary>
internal static class Groups
{
    /// <summary>All permutations of so many rows that are permitted, with all sign flips by units.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="isPermitted">Whether a permutation is permitted.</param>
    /// <param name="units">For each row the unit whose rows change sign together; null: no flips.</param>
    public static HashSet<string> Search(int rows, Func<int[], bool> isPermitted, int[]? units)
    {
        var flips = units is null ? [new bool[1]] : Flips(units.Max() + 1);
        return
        [
            .. Permutations([], rows)
                .Where(isPermitted)
                .SelectMany(permutation =>
                    flips.Select(flip =>
                        ListText.Text(permutation.Select((from, row) => units is not null && flip[units[row]] ? ~from : from))
                    )
                ),
        ];
    }

    /// <summary>The smallest group that contains the generators.</summary>
    public static HashSet<string> Closure(int rows, IReadOnlyList<int[]> generators)
    {
        var identity = Enumerable.Range(0, rows).ToArray();
        var (found, open) = (new HashSet<string> { ListText.Text(identity) }, new Stack<int[]>([identity]));
        while (open.TryPop(out var one))
            foreach (var generator in generators)
            {
                var next = generator.Select(from => from < 0 ? ~one[~from] : one[from]).ToArray();
                if (found.Add(ListText.Text(next)))
                    open.Push(next);
            }
        return found;
    }

    private static IEnumerable<int[]> Permutations(int[] begun, int rows) =>
        begun.Length == rows
            ? [begun]
            : Enumerable.Range(0, rows).Where(row => !begun.Contains(row)).SelectMany(row => Permutations([.. begun, row], rows));

    private static List<bool[]> Flips(int units) =>
        [.. Enumerable.Range(0, 1 << units).Select(bits => Enumerable.Range(0, units).Select(unit => ((bits >> unit) & 1) != 0).ToArray())];
}
