namespace HpcFit.Architecture.Tests;

/// <summary>docs/architecture.md is what the sources do.</summary>
public sealed class RoomTests(Sources sources) : IClassFixture<Sources>
{
    private readonly RoomTable _table = new(Path.Combine(sources.Root, "docs", "architecture.md"));

    [Fact]
    public void Every_folder_has_a_row() =>
        _table.Rooms.Order(StringComparer.Ordinal).ShouldBe(sources.Rooms.Order(StringComparer.Ordinal));

    [Fact]
    public void A_folder_uses_only_what_its_row_permits() =>
        sources
            .Uses.Where(use => !_table.MayUse(use.From).Contains(use.To))
            .Select(use => $"{use.File} uses {use.Type} of {use.To}")
            .ShouldBeEmpty("Depend the other way round, or state the dependency in docs/architecture.md.");

    [Fact]
    public void What_is_permitted_is_used()
    {
        var used = sources.Uses.Select(use => (use.From, use.To)).ToHashSet();
        _table
            .Rooms.SelectMany(room => _table.MayUse(room).Select(other => (room, other)))
            .Where(pair => !used.Contains(pair))
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_row_permits_only_rooms_above_it()
    {
        for (var i = 0; i < _table.Rooms.Count; i++)
            _table.MayUse(_table.Rooms[i]).Except(_table.Rooms.Take(i)).ShouldBeEmpty(_table.Rooms[i]);
    }

    [Fact]
    public void The_programs_are_compiled_as_they_are() =>
        // Without their packages few names would be understood, and nothing would be found.
        sources.Uses.Count.ShouldBeGreaterThan(1000);
}
