using System.IO.Hashing;
using System.Runtime.InteropServices;
using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Shuffling;

/// <summary>
/// Shuffles in a text file, as MRtrix reads them (one column per shuffle, rows counted from 0) or as PALM writes them (CSV, one line per
/// shuffle, rows counted from 1, negative where the sign changes). Number i of a shuffle is the row that replaces row i.
/// </summary>
/// <remarks>
/// Which of the two is recognised by shape: the number of lines, or of numbers per line, is that of the subjects. Where both are, it is the
/// one in which every shuffle is a permutation, and where both are that too, commas mean one line per shuffle. Rows are counted from 0 if
/// there is a 0, in either form. What is listed repeatedly is used repeatedly, as in both programs.
/// </remarks>
internal sealed class ShuffleFile
{
    private readonly IntegerTable _table;
    private readonly bool _hasShufflesAsLines;
    private readonly int _base;

    private ShuffleFile(IntegerTable table, bool hasShufflesAsLines)
    {
        (_table, _hasShufflesAsLines) = (table, hasShufflesAsLines);
        _base = table.Any(number => number == 0) ? 0 : 1;
    }

    private int Shuffles => _hasShufflesAsLines ? _table.Rows : _table.Columns;

    private int Rows => _hasShufflesAsLines ? _table.Columns : _table.Rows;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The rows in the fit.</param>
    /// <param name="requested">The number of shuffles that are used, if the file has as many; null: all.</param>
    /// <exception cref="BadInputException">It is no table of numbers, has another number of subjects, a shuffle is not a permutation, or
    /// moves rows between those in the fit and others.</exception>
    public static ListedShuffles Read(string path, TableRows rows, long? requested)
    {
        var table = IntegerTable.Read(path, "shuffles");
        var asLines = HasShufflesAsLines(table, rows);
        var file = new ShuffleFile(table, asLines);
        var places = rows.InTable(file.Rows);
        var sources = Enumerable.Range(0, file.Shuffles).Select(number => file.Source(number, places, rows)).ToList();
        var notes = new List<string>();
        if (rows.Fits(table.Rows) && rows.Fits(table.Columns) && AreAllPermutations(table, !asLines) && !IsSymmetric(table))
            notes.Add(
                $"Lines and columns of '{path}' are both permutations of the subjects: its "
                    + (asLines ? "lines are used, because it has commas." : "columns are used, because it has no commas.")
            );
        PutIdentityFirst(sources, path, notes);
        NoteRepeats(sources, path, notes);
        if (sources.Count > requested)
            notes.Add($"The first {requested:N0} of the {sources.Count:N0} shuffles of '{path}' are used.");
        else if (sources.Count < requested)
            notes.Add($"'{path}' has {sources.Count:N0} shuffles, fewer than --permutations {requested}: all are used, and no others.");
        var used = sources.Count > requested ? sources[..(int)requested] : sources;
        int[] order = [.. Enumerable.Range(0, places.Length).OrderBy(row => places[row])];
        return new(used, order) { Notes = notes };
    }

    private static bool HasShufflesAsLines(IntegerTable table, TableRows rows) =>
        (rows.Fits(table.Columns), rows.Fits(table.Rows)) switch
        {
            (true, false) => true,
            (false, true) => false,
            (true, true) => (AreAllPermutations(table, true), AreAllPermutations(table, false)) switch
            {
                (true, false) => true,
                (false, true) => false,
                _ => table.HasCommas,
            },
            _ => throw new BadInputException(
                $"'{table.Path}' has {CountText.Format(table.Rows, "line")} of {CountText.Format(table.Columns, "number")}. Shuffles of "
                    + $"{rows.Expected} were expected: as columns (MRtrix's permutations), or as lines (PALM's)."
            ),
        };

    /// <summary>Whether lines and columns are the same shuffles.</summary>
    private static bool IsSymmetric(IntegerTable table) =>
        table.Rows == table.Columns
        && Enumerable.Range(0, table.Rows).All(row => Enumerable.Range(0, row).All(column => table[row, column] == table[column, row]));

    private static bool AreAllPermutations(IntegerTable table, bool asLines)
    {
        var file = new ShuffleFile(table, asLines);
        return Enumerable.Range(0, file.Shuffles).All(shuffle => file.FaultOf(shuffle) is null);
    }

    /// <summary>A shuffle of the rows in the fit.</summary>
    private int[] Source(int shuffle, int[] places, TableRows rows)
    {
        if (FaultOf(shuffle) is { } fault)
            throw fault;
        var rowAt = new int[Rows];
        Array.Fill(rowAt, -1);
        for (var row = 0; row < places.Length; row++)
            rowAt[places[row]] = row;
        var source = new int[places.Length];
        for (var row = 0; row < places.Length; row++)
        {
            var from = rowAt[Math.Abs(Number(shuffle, places[row])) - _base];
            if (from < 0)
                throw new BadInputException(
                    $"'{_table.Path}', {Place(shuffle, places[row])}: shuffle {shuffle + 1} replaces row {rows.RowInFile(row)} of the "
                        + $"cohort, which is in the fit, by row {Math.Abs(Number(shuffle, places[row])) - _base + 1}, which is not. Give "
                        + "shuffles of the rows in the fit, or shuffles that do not mix these rows with others."
                );
            source[row] = Number(shuffle, places[row]) < 0 ? ~from : from;
        }
        return source;
    }

    /// <summary>Why a shuffle is not a permutation of all rows, with or without flips; null: it is.</summary>
    private BadInputException? FaultOf(int shuffle)
    {
        var rowOf = new int[Rows];
        Array.Fill(rowOf, -1);
        for (var row = 0; row < Rows; row++)
        {
            var number = Number(shuffle, row);
            var from = Math.Abs((long)number) - _base;
            if (from < 0 || from >= Rows)
                return new(
                    $"'{_table.Path}', {Place(shuffle, row)}: {number} where a row was expected, {_base:N0} to {Rows - 1 + _base:N0}"
                        + (_base == 0 ? " (the file contains 0, so rows are counted from 0)." : ", or its negative where the sign changes.")
                );
            if (number < 0 && _base == 0)
                return new(
                    $"'{_table.Path}', {Place(shuffle, row)}: {number} changes the sign of a row, but the file contains 0, which has no "
                        + "sign. Count rows from 1 in a file with sign flips."
                );
            if (rowOf[from] >= 0)
                return new(
                    $"'{_table.Path}': shuffle {shuffle + 1} has row {Math.Abs(number)} twice ({Place(shuffle, rowOf[from])} and "
                        + $"{Place(shuffle, row)}). Every row was expected once, in shuffles that are "
                        + (_hasShufflesAsLines ? "lines." : "columns.")
                );
            rowOf[from] = row;
        }
        return null;
    }

    private int Number(int shuffle, int row) => _hasShufflesAsLines ? _table[shuffle, row] : _table[row, shuffle];

    private string Place(int shuffle, int row) => _hasShufflesAsLines ? _table.Place(shuffle, row) : _table.Place(row, shuffle);

    /// <summary>Shuffle 0 is the data as they are: the first one that is, or one more.</summary>
    private static void PutIdentityFirst(List<int[]> sources, string path, List<string> notes)
    {
        var at = sources.FindIndex(IsIdentity);
        if (at == 0)
            return;
        if (at > 0)
        {
            sources.RemoveAt(at);
            notes.Add($"The unshuffled data are shuffle {at + 1:N0} of '{path}', and are used as the first one.");
        }
        else
            notes.Add($"'{path}' does not contain the unshuffled data, which were added to its {sources.Count:N0} shuffles.");
        sources.Insert(0, [.. Enumerable.Range(0, sources[0].Length)]);
    }

    private static bool IsIdentity(int[] source)
    {
        for (var row = 0; row < source.Length; row++)
            if (source[row] != row)
                return false;
        return true;
    }

    private static void NoteRepeats(List<int[]> sources, string path, List<string> notes)
    {
        var different = sources.Select(source => XxHash128.HashToUInt128(MemoryMarshal.AsBytes<int>(source))).Distinct().Count();
        if (different < sources.Count)
            notes.Add(
                $"{sources.Count - different:N0} of the {sources.Count:N0} shuffles of '{path}' repeat others, and are used as they are."
            );
    }
}
