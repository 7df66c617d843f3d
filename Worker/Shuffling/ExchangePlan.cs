namespace HpcFit.Worker.Shuffling;

/// <summary>
/// A tree of exchangeability as a list of exchanges and sign flips, each of which is a choice: applied to the identity they yield a
/// shuffle, and different choices yield different shuffles. Immutable.
/// </summary>
/// <remarks>
/// Parts of a block are exchanged before the block itself is exchanged with others, so that every combination is possible (the recursion of
/// Winkler et al. 2015). Signs are flipped where the outermost exchange takes place, a part at a time: rows of a block that is exchanged as
/// a whole keep their relative signs.
/// </remarks>
internal sealed class ExchangePlan
{
    private const double Log2 = 0.69314718055994530942;

    private readonly int[] _order;
    private readonly Exchange[] _exchanges;
    private readonly Part[] _flipped;

    private ExchangePlan(int[] order, Exchange[] exchanges, Part[] flipped)
    {
        (_order, _exchanges, _flipped) = (order, exchanges, flipped);
        LogPossible = exchanges.Sum(exchange => LogFactorial(exchange.Parts)) + (flipped.Length * Log2);
    }

    /// <summary>The rows that are shuffled.</summary>
    public int Rows => _order.Length;

    /// <summary>Whether rows can move.</summary>
    public bool Permutes => _exchanges.Length > 0;

    /// <summary>Whether signs can change.</summary>
    public bool Flips => _flipped.Length > 0;

    /// <summary>The natural logarithm of the number of possible shuffles, the identity included.</summary>
    public double LogPossible { get; }

    /// <summary>The plan of a tree.</summary>
    /// <param name="tree">The tree of all rows, in which parts that are exchanged with each other have equal shapes
    /// (<see cref="BlockShapes"/>).</param>
    /// <param name="permutes">Whether rows are exchanged.</param>
    /// <param name="flips">Whether signs are flipped.</param>
    public static ExchangePlan From(ExchangeNode tree, bool permutes, bool flips)
    {
        var (order, exchanges, flipped) = (new int[tree.Size], new List<Exchange>(), new List<Part>());
        AddExchanges(tree, 0, order, exchanges);
        if (flips)
            AddFlips(tree, 0, flipped);
        return new(order, permutes ? [.. exchanges] : [], [.. flipped]);
    }

    /// <summary>The number of possible shuffles, the identity included; null where it is above <paramref name="limit"/>.</summary>
    public long? CountPossible(long limit)
    {
        var count = (UInt128)1;
        foreach (var exchange in _exchanges)
            for (var factor = 2; factor <= exchange.Parts && count <= (UInt128)limit; factor++)
                count *= (UInt128)factor;
        for (var flip = 0; flip < _flipped.Length && count <= (UInt128)limit; flip++)
            count *= 2;
        return count <= (UInt128)limit ? (long)count : null;
    }

    /// <summary>Which rows may take each other's places (<see cref="IShuffleList.Orbits"/>).</summary>
    public int[] Orbits()
    {
        var orbits = new RowOrbits(Rows);
        foreach (var exchange in _exchanges)
            for (var at = exchange.Length; at < exchange.Parts * exchange.Length; at++)
                orbits.Join(_order[exchange.Start + (at % exchange.Length)], _order[exchange.Start + at]);
        foreach (var part in _flipped)
        foreach (var row in _order.AsSpan(part.Start, part.Length))
            orbits.Flip(row);
        return orbits.Numbers();
    }

    /// <summary>The shuffle of some choices.</summary>
    /// <param name="choices">The choices.</param>
    /// <param name="source">Receives, per row, the row that replaces it, or its complement where the sign changes.</param>
    public void Fill<TChoices>(TChoices choices, Span<int> source)
        where TChoices : struct, IChoices
    {
        for (var row = 0; row < source.Length; row++)
            source[row] = row;
        foreach (var exchange in _exchanges)
            for (var last = exchange.Parts - 1; last > 0; last--)
                Swap(source, exchange, last, last - choices.Next(last + 1));
        foreach (var part in _flipped)
            if (choices.NextFlip())
                Flip(source, part);
    }

    private void Swap(Span<int> source, Exchange exchange, int a, int b)
    {
        if (a == b)
            return;
        var rows = _order.AsSpan(exchange.Start, exchange.Parts * exchange.Length);
        var (atA, atB) = (a * exchange.Length, b * exchange.Length);
        for (var i = 0; i < exchange.Length; i++)
            (source[rows[atA + i]], source[rows[atB + i]]) = (source[rows[atB + i]], source[rows[atA + i]]);
    }

    private void Flip(Span<int> source, Part part)
    {
        foreach (var row in _order.AsSpan(part.Start, part.Length))
            source[row] = ~source[row];
    }

    /// <summary>Lists the rows below a node, and their exchanges, inner ones first.</summary>
    private static void AddExchanges(ExchangeNode node, int start, int[] order, List<Exchange> exchanges)
    {
        if (node.Row >= 0)
            order[start] = node.Row;
        var at = start;
        foreach (var child in node.Children)
        {
            AddExchanges(child, at, order, exchanges);
            at += child.Size;
        }
        if (node.IsExchanging && node.Children.Count > 1)
            exchanges.Add(new(start, node.Children[0].Size, node.Children.Count));
    }

    /// <summary>Lists the parts of the outermost exchanging blocks.</summary>
    private static void AddFlips(ExchangeNode node, int start, List<Part> flipped)
    {
        foreach (var child in node.Children)
        {
            if (node.IsExchanging)
                flipped.Add(new(start, child.Size));
            else
                AddFlips(child, start, flipped);
            start += child.Size;
        }
    }

    private static double LogFactorial(int number)
    {
        var sum = 0.0;
        for (var factor = 2; factor <= number; factor++)
            sum += Math.Log(factor);
        return sum;
    }

    /// <summary>Consecutive parts of equal length that are exchanged with each other; a position is an index into the order.</summary>
    private readonly record struct Exchange(int Start, int Length, int Parts);

    /// <summary>Consecutive rows whose signs change together.</summary>
    private readonly record struct Part(int Start, int Length);
}
