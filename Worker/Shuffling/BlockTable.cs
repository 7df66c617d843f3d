using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Shuffling;

/// <summary>
/// A tree of exchangeability as PALM reads it: one line per subject, one column per level from the outside in. A positive index: the parts
/// of this block, which have their own indices in the next column, are exchanged as a whole. A negative one: they stay in place, and what
/// is exchanged is inside them.
/// </summary>
/// <remarks>
/// Several indices in the first column are blocks that are not exchanged with each other. Where subjects have equal indices in all columns,
/// they are the parts of the block of the last column: they are exchanged if its index is positive and that of the column before negative,
/// and stay in order otherwise, so that <c>-1,1</c> is exchange within and <c>1,1</c> exchange of whole blocks, as in PALM's documentation.
/// A single column is exchange within its values.
/// </remarks>
internal sealed class BlockTable
{
    private readonly IntegerTable _table;
    private readonly int[] _places;
    private readonly bool _hasRowsAsLastColumn;

    private BlockTable(IntegerTable table, int[] places)
    {
        (_table, _places) = (table, places);
        _hasRowsAsLastColumn = Enumerable.Range(0, table.Rows).DistinctBy(Path).Count() == table.Rows;
    }

    /// <summary>Reads a tree.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The rows in the fit.</param>
    /// <exception cref="BadInputException">It is no table of indices, does not have one line per subject, or exchanges blocks of unequal
    /// size or structure.</exception>
    public static Exchangeability Read(string path, TableRows rows)
    {
        var table = IntegerTable.Read(path, "exchangeability blocks");
        if (!rows.Fits(table.Rows))
            throw new BadInputException(
                $"'{path}' has {CountText.Format(table.Rows, "line")} with blocks; {rows.Expected} were expected: one line per subject, "
                    + "in the order of the cohort's file."
            );
        RefuseZeros(table);
        var places = rows.InTable(table.Rows);
        var blocks = new BlockTable(table, places);
        var inOrder = Enumerable.Range(0, places.Length).OrderBy(row => places[row]);
        var tree = ExchangeNode.OfBlock("", isExchanging: false, blocks.Parts(inOrder, column: 0, name: "", above: -1));
        var statement = $"The blocks of '{path}'";
        BlockShapes.RequireEqual(tree, statement);
        return new(tree, statement, []);
    }

    /// <summary>The blocks of a column, in the order of their indices.</summary>
    private List<ExchangeNode> Parts(IEnumerable<int> rows, int column, string name, int above) =>
        [
            .. rows.GroupBy(row => _table[_places[row], column])
                .OrderBy(group => Math.Abs((long)group.Key))
                .ThenBy(group => group.Key)
                .Select(group => Block([.. group], group.Key, column, name.Length == 0 ? $"{group.Key}" : $"{name},{group.Key}", above)),
        ];

    private ExchangeNode Block(List<int> rows, int index, int column, string name, int above) =>
        column < _table.Columns - 1 ? ExchangeNode.OfBlock(name, index > 0, Parts(rows, column + 1, name, index))
        : _hasRowsAsLastColumn ? ExchangeNode.OfRow(rows[0])
        : ExchangeNode.OfRows(name, index > 0 && above < 0, rows);

    private string Path(int line) => string.Join(',', Enumerable.Range(0, _table.Columns).Select(column => _table[line, column]));

    private static void RefuseZeros(IntegerTable table)
    {
        for (var row = 0; row < table.Rows; row++)
        for (var column = 0; column < table.Columns; column++)
            if (table[row, column] == 0)
                throw new BadInputException(
                    $"'{table.Path}', {table.Place(row, column)}: an index is 0; blocks have positive indices (their parts are exchanged) "
                        + "or negative ones (they are not)."
                );
    }
}
