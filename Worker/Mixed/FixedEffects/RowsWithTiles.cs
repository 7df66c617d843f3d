using HpcFit.Worker.Formulas;
using HpcFit.Worker.Rows;

namespace HpcFit.Worker.Mixed.FixedEffects;

/// <summary>The tables of some rows, and the fits of tiles on them, which are created when they are needed.</summary>
/// <typeparam name="TTables">The tables.</typeparam>
/// <typeparam name="TTiles">The fits of tiles.</typeparam>
/// <param name="tables">The tables.</param>
internal sealed class RowsWithTiles<TTables, TTiles>(TTables tables) : IRowTables
    where TTables : class, IMixedTables
    where TTiles : class
{
    private TTiles? _tiles;
    private bool _hasTiles;

    /// <summary>The tables.</summary>
    public TTables Tables => tables;

    /// <inheritdoc/>
    public DesignMatrix? Design
    {
        get => tables.Design;
        set => tables.Design = value;
    }

    /// <inheritdoc/>
    public bool IsFactored
    {
        get => tables.IsFactored;
        set => tables.IsFactored = value;
    }

    /// <inheritdoc/>
    public void Factor(DesignMatrix design, ReadOnlySpan<int> finite, ReadOnlySpan<int> places)
    {
        tables.Factor(design, finite, places);
        (_tiles, _hasTiles) = (null, false);
    }

    /// <summary>The fits of tiles on these rows; null: elements are fitted one by one.</summary>
    /// <param name="create">Creates them.</param>
    public TTiles? Tiles(Func<TTables, TTiles?> create)
    {
        if (!_hasTiles)
            (_tiles, _hasTiles) = (create(tables), true);
        return _tiles;
    }
}
