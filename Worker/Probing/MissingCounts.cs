using HpcFit.Worker.Models;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.Probing;

/// <summary>Counts elements at which subjects are missing, and subjects that are missing there.</summary>
/// <param name="rows">The rows of the cohort that are fitted.</param>
/// <param name="subjects">The number of rows of the cohort.</param>
internal sealed class MissingCounts(IReadOnlyList<int> rows, int subjects)
{
    private readonly long[] _missingAt = new long[subjects];
    private long _examined,
        _complete,
        _incomplete;

    /// <summary>Counts the elements of a piece.</summary>
    /// <param name="block">The values of its span.</param>
    /// <param name="piece">The piece.</param>
    public void Add(in ScalarBlock block, StripePiece piece)
    {
        var (isMissing, anyMissing, anyFinite) = (new bool[block.Count], new bool[block.Count], new bool[block.Count]);
        foreach (var row in rows)
        {
            Find(block, row, isMissing);
            for (var element = 0; element < isMissing.Length; element++)
            {
                anyMissing[element] |= isMissing[element];
                anyFinite[element] |= !isMissing[element];
            }
        }
        var incomplete = new List<int>();
        foreach (var range in piece.Ranges.Span)
        {
            for (var element = (int)(range.First - piece.Span.First); element < range.End - piece.Span.First; element++)
            {
                _complete += anyMissing[element] ? 0 : 1;
                if (anyMissing[element] && anyFinite[element])
                    incomplete.Add(element);
            }
        }
        _examined += piece.Count;
        _incomplete += incomplete.Count;
        if (incomplete.Count == 0)
            return;
        foreach (var row in rows)
        {
            Find(block, row, isMissing);
            foreach (var element in incomplete)
                _missingAt[row] += isMissing[element] ? 1 : 0;
        }
    }

    /// <summary>What was counted.</summary>
    /// <param name="elements">Elements of the run.</param>
    public MissingSample Sample(long elements) => new(_examined, _complete, _incomplete, _missingAt, _examined == elements);

    /// <summary>Finds the elements at which a subject has no value in one of the scalars.</summary>
    private static void Find(in ScalarBlock block, int row, Span<bool> isMissing)
    {
        isMissing.Clear();
        for (var scalar = 0; scalar < block.Scalars.Length; scalar++)
        {
            var (values, subject) = (block.Scalars.Span[scalar], block.SubjectRows[scalar][row]);
            for (var element = 0; element < isMissing.Length; element++)
                isMissing[element] |= !double.IsFinite(values[subject, element]);
        }
    }
}
