namespace HpcFit.Coordinator.Tables;

/// <summary>For each row of an analysis, the row of a table that describes its element.</summary>
/// <param name="rowOf">The row of the table for each row of the analysis.</param>
internal sealed class ElementRows(int[] rowOf)
{
    /// <summary>The rows of a table whose ids are in one of its columns.</summary>
    /// <param name="elements">The element id of each row of the analysis.</param>
    /// <param name="ids">The element id of each row of the table, in any order.</param>
    /// <returns>Null if the table lacks an element, or contains an id twice.</returns>
    public static ElementRows? TryFind(double[] elements, double[] ids)
    {
        var rowOfId = new int[ids.Length];
        Array.Fill(rowOfId, -1);
        for (var row = 0; row < ids.Length; row++)
        {
            if (!IsIndex(ids[row], ids.Length) || rowOfId[(int)ids[row]] >= 0)
                return null;
            rowOfId[(int)ids[row]] = row;
        }
        return TryIndex(elements, ids.Length) is { } direct ? new(Array.ConvertAll(direct, id => rowOfId[id])) : null;
    }

    /// <summary>The rows of a table in the order of element ids.</summary>
    /// <param name="elements">The element id of each row of the analysis.</param>
    /// <param name="count">The number of rows of the table.</param>
    /// <returns>Null if the table lacks an element.</returns>
    public static ElementRows? TryFind(double[] elements, long count) => TryIndex(elements, count) is { } direct ? new(direct) : null;

    /// <summary>The rows of a second table whose ids are in a column of this one.</summary>
    /// <param name="keys">The column: for each row of this table an id of the second one.</param>
    /// <param name="ids">The id of each row of the second table.</param>
    /// <returns>Null if the second table lacks an id, or contains one twice.</returns>
    public ElementRows? TryFollow(double[] keys, double[] ids) => TryFind(Array.ConvertAll(rowOf, row => keys[row]), ids);

    /// <summary>A column of whole numbers.</summary>
    public NumberColumn Whole(string name, double[] values) => Numbers(name, isWhole: true, row => values[row]);

    /// <summary>A column of numbers computed from a row of the table.</summary>
    public NumberColumn Numbers(string name, bool isWhole, Func<int, double> valueOf) =>
        new(
            name,
            isWhole,
            (first, destination) =>
            {
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = valueOf(rowOf[first + i]);
            }
        );

    /// <summary>A column of texts computed from a row of the table.</summary>
    public TextColumn Texts(string name, Func<int, string> textOf) => new(name, row => textOf(rowOf[row]));

    private static int[]? TryIndex(double[] elements, long count)
    {
        var direct = new int[elements.Length];
        for (var row = 0; row < elements.Length; row++)
        {
            if (!IsIndex(elements[row], count))
                return null;
            direct[row] = (int)elements[row];
        }
        return direct;
    }

    private static bool IsIndex(double value, long count) => value >= 0 && value < count && value == Math.Floor(value);
}
