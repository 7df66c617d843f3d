using HpcFit.Shared.Elements;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Shuffling;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// Computes the statistics of the shuffles of a list for a block of elements: a few shuffles at a time are packed, and multiplied with
/// every tile of the block. A workspace of one thread.
/// </summary>
internal sealed class ShufflePass
{
    /// <summary>Columns that are packed at once, at least and at most: with a tile, they stay in the core's second cache.</summary>
    private const int LeastColumns = 32;
    private const int MostColumns = 64;

    private readonly IShuffleList _shuffles;
    private readonly ShuffleMethod _method;
    private readonly IReadOnlyList<int> _hypotheses;
    private readonly ProductKernel _kernel;
    private readonly int _together;
    private readonly int[] _sources;
    private readonly double[] _panels;
    private readonly double[] _cross;
    private readonly double[] _sums;
    private readonly double[] _workspace;
    private readonly double[] _statistics = new double[TileKernel.Width];
    private readonly double[] _errors = new double[TileKernel.Width];

    /// <summary>A workspace.</summary>
    /// <param name="shuffles">The list.</param>
    /// <param name="method">The method, for the hypotheses that have this list.</param>
    /// <param name="hypotheses">The places of these hypotheses among all that are tested.</param>
    /// <param name="kernel">Which kernel computes the products.</param>
    public ShufflePass(IShuffleList shuffles, ShuffleMethod method, IReadOnlyList<int> hypotheses, KernelChoice kernel)
    {
        (_shuffles, _method, _hypotheses, _kernel) = (shuffles, method, hypotheses, ProductKernel.Create(kernel));
        _together = Together(method.Columns);
        var panels = ((_together * method.Columns) + ProductKernel.Panel - 1) / ProductKernel.Panel;
        _sources = new int[_together * method.Design.Rows];
        _panels = new double[panels * ProductKernel.Panel * method.Design.Rows];
        _cross = new double[_together * method.CrossLength];
        _sums = new double[panels * ProductKernel.Panel * TileKernel.Width];
        _workspace = new double[method.WorkspaceLength];
    }

    /// <summary>Computes all statistics of some shuffles.</summary>
    /// <param name="residuals">The block.</param>
    /// <param name="shuffles">The numbers of the shuffles; those that the list does not have are left out.</param>
    /// <param name="receiver">Receives the statistics.</param>
    public void Run(ResidualTiles residuals, ElementRange shuffles, StatisticReceiver receiver)
    {
        var end = Math.Min(shuffles.End, _shuffles.Count);
        for (var first = shuffles.First; first < end; first += _together)
        {
            var count = (int)Math.Min(_together, end - first);
            Pack(first, count);
            for (var tile = 0; tile < residuals.Count; tile++)
                Evaluate(residuals[tile], tile, first, count, receiver);
        }
    }

    /// <summary>How many shuffles fill their panels best; the fewest of these.</summary>
    private static int Together(int columns)
    {
        var best = Math.Max(1, LeastColumns / columns);
        for (var shuffles = best + 1; shuffles * columns <= MostColumns; shuffles++)
            if (Padded(shuffles) * best < Padded(best) * shuffles)
                best = shuffles;
        return best;

        int Padded(int shuffles) => ((shuffles * columns) + ProductKernel.Panel - 1) / ProductKernel.Panel;
    }

    private void Pack(long first, int count)
    {
        var rows = _method.Design.Rows;
        for (var one = 0; one < count; one++)
        {
            var source = _sources.AsSpan(one * rows, rows);
            _shuffles.Fill(first + one, source);
            _method.Pack(source, new(_panels, rows), one * _method.Columns, _cross.AsSpan(one * _method.CrossLength, _method.CrossLength));
        }
    }

    private void Evaluate(in ResidualTile tile, int number, long first, int count, StatisticReceiver receiver)
    {
        var (rows, columns) = (_method.Design.Rows, _method.Columns);
        var panels = ((count * columns) + ProductKernel.Panel - 1) / ProductKernel.Panel;
        _kernel.Multiply(tile.Residuals, _panels.AsSpan(0, panels * ProductKernel.Panel * rows), rows, _sums);
        for (var one = 0; one < count; one++)
        {
            var shuffle = new PackedShuffle
            {
                Source = _sources.AsSpan(one * rows, rows),
                Cross = _cross.AsSpan(one * _method.CrossLength, _method.CrossLength),
                Sums = _sums.AsSpan(one * columns * TileKernel.Width, columns * TileKernel.Width),
                Panels = new(_panels, rows),
                First = one * columns,
            };
            for (var hypothesis = 0; hypothesis < _hypotheses.Count; hypothesis++)
            {
                _method.Evaluate(tile, shuffle, hypothesis, _workspace, _statistics);
                if (first + one == 0)
                {
                    _method.BoundErrors(tile, hypothesis, _statistics, _errors);
                    receiver.ReceiveErrors(_hypotheses[hypothesis], number, _errors);
                }
                receiver.Receive(_hypotheses[hypothesis], first + one, number, _statistics);
            }
        }
    }
}
