namespace HpcFit.Architecture.Tests;

/// <summary>The rows <c>| `room` | purpose | may use |</c> of docs/architecture.md, in their order.</summary>
public sealed class RoomTable
{
    private readonly Dictionary<string, HashSet<string>> _mayUse = new(StringComparer.Ordinal);

    /// <summary>Reads the table.</summary>
    /// <param name="file">The page.</param>
    public RoomTable(string file)
    {
        foreach (var line in File.ReadLines(file).Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            var room = cells[1].Trim('`');
            _mayUse.Add(room, [.. cells[3].Split('`').Where((_, i) => i % 2 == 1).SelectMany(Expand)]);
            Rooms.Add(room);
        }
    }

    /// <summary>The rooms from the lowest to the highest.</summary>
    public List<string> Rooms { get; } = [];

    /// <summary>The rooms that a room may use.</summary>
    public IReadOnlySet<string> MayUse(string room) => _mayUse.TryGetValue(room, out var rooms) ? rooms : new HashSet<string>();

    /// <summary><c>Shared/{Files, Claims}</c> stands for two rooms.</summary>
    private static IEnumerable<string> Expand(string cell)
    {
        if (cell.IndexOf('{', StringComparison.Ordinal) is var open && open < 0)
            return [cell];
        return cell[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries).Select(name => cell[..open] + name);
    }
}
