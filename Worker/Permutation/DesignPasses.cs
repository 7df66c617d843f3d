using HpcFit.Shared.Elements;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Permutation;

/// <summary>Computes the tests on one model matrix for blocks of elements. A workspace of one thread.</summary>
internal sealed class DesignPasses
{
    private readonly (ResidualTiles Residuals, ShufflePass Pass)[] _passes;

    /// <summary>A workspace.</summary>
    /// <param name="engine">The model of the fits.</param>
    /// <param name="tests">The tests.</param>
    public DesignPasses(LinearEngine engine, DesignTests tests)
    {
        Tests = tests;
        _passes =
        [
            .. tests.Lists.Select(list =>
                (
                    new ResidualTiles(engine, tests.Design, list.Method),
                    new ShufflePass(list.Shuffles, list.Method, list.Places, engine.Kernel)
                )
            ),
        ];
    }

    /// <summary>The tests.</summary>
    public DesignTests Tests { get; }

    /// <summary>For each element of the block, in whole tiles, whether it was tested.</summary>
    public ReadOnlySpan<bool> AreTested => _passes[0].Residuals.AreTested;

    /// <summary>Computes the residuals of a block.</summary>
    /// <returns>The number of its tiles.</returns>
    /// <param name="block">The block.</param>
    /// <param name="status">The statuses of its fits: only elements that were fitted without reservation are tested.</param>
    public int Start(in ScalarBlock block, ReadOnlySpan<ElementStatus> status)
    {
        foreach (var (residuals, _) in _passes)
            residuals.Compute(block, status);
        return _passes[0].Residuals.Count;
    }

    /// <summary>Computes the statistics of shuffles.</summary>
    /// <param name="shuffles">The numbers of the shuffles; those that a list does not have are left out.</param>
    /// <param name="receiver">Receives the statistics.</param>
    public void Run(ElementRange shuffles, StatisticReceiver receiver)
    {
        foreach (var (residuals, pass) in _passes)
            pass.Run(residuals, shuffles, receiver);
    }
}
