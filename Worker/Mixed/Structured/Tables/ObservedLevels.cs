namespace HpcFit.Worker.Mixed.Structured.Tables;

/// <summary>
/// The levels of the grouping factors that have rows, and whether these can have variances of their own. A reused workspace.
/// </summary>
internal sealed class ObservedLevels
{
    private readonly RandomStructure _structure;
    private readonly int[] _partner;
    private readonly int[] _rows;

    public ObservedLevels(RandomStructure structure)
    {
        _structure = structure;
        var most = structure.Factors.Max(factor => factor.Levels);
        (_partner, _rows) = (new int[most], new int[most]);
        Levels = new int[structure.Factors.Count];
    }

    /// <summary>The number of levels of each factor that have rows.</summary>
    public int[] Levels { get; }

    /// <summary>Two factors with the same groups and a common effect, as families of one observed child each; null: none.</summary>
    public (int First, int Second)? EqualFactors { get; private set; }

    /// <summary>Counts the levels at some rows.</summary>
    /// <param name="subjects">The subject of each row.</param>
    public void Count(ReadOnlySpan<int> subjects)
    {
        for (var f = 0; f < Levels.Length; f++)
        {
            var codes = _structure.Factors[f].Codes;
            Array.Clear(_rows);
            Levels[f] = 0;
            foreach (var subject in subjects)
                if (_rows[codes[subject]]++ == 0)
                    Levels[f]++;
        }
        EqualFactors = FindEqualFactors(subjects);
    }

    /// <summary>Whether a term has one group, or as many effects as rows.</summary>
    public bool AreTooFew(int rows)
    {
        foreach (var term in _structure.Terms)
            if (Levels[term.Factor] < 2 || Levels[term.Factor] * term.Effects >= rows)
                return true;
        return false;
    }

    private (int First, int Second)? FindEqualFactors(ReadOnlySpan<int> subjects)
    {
        for (var f = 0; f < Levels.Length; f++)
        for (var other = 0; other < f; other++)
            if (Levels[f] == Levels[other] && SharesEffects(f, other) && AreEqual(f, other, subjects))
                return (other, f);
        return null;
    }

    private bool SharesEffects(int f, int other)
    {
        foreach (var a in _structure.Terms)
        foreach (var b in _structure.Terms)
            if (a.Factor == f && b.Factor == other && a.SharesEffect(b))
                return true;
        return false;
    }

    private bool AreEqual(int f, int other, ReadOnlySpan<int> subjects)
    {
        var (codes, others) = (_structure.Factors[f].Codes, _structure.Factors[other].Codes);
        Array.Fill(_partner, -1);
        foreach (var subject in subjects)
        {
            var (code, partner) = (codes[subject], others[subject]);
            if (_partner[code] >= 0 && _partner[code] != partner)
                return false;
            _partner[code] = partner;
        }
        return true;
    }
}
