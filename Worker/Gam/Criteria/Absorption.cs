using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>Whether a random effect is eliminated group by group. Results are equal to rounding.</summary>
internal enum Absorption
{
    /// <summary>If it has so many levels that it is faster.</summary>
    ByCost,

    /// <summary>If that is possible.</summary>
    Always,

    /// <summary>Never: all columns are dense.</summary>
    Never,
}

/// <summary>Which random effect of a model is absorbed: a choice that depends on the design alone.</summary>
internal static class AbsorptionChoice
{
    /// <summary>The number of levels below which the dense columns are as fast.</summary>
    private const int FewLevels = 12;

    /// <summary>The random effect with the most levels among those that can be absorbed; null: none.</summary>
    /// <param name="smooths">The smooths.</param>
    /// <param name="weights">Prior weights; null: all 1.</param>
    /// <param name="method">The criterion: REML or ML; others need the derivatives of deviances.</param>
    /// <param name="absorption">The rule.</param>
    /// <remarks>
    /// It must have columns without a common row, one estimated or fixed positive penalty of its own, a multiple of the identity, and no
    /// weight may be 0.
    /// </remarks>
    public static Smooth? Choose(IReadOnlyList<Smooth> smooths, double[]? weights, SmoothnessMethod method, Absorption absorption)
    {
        if (absorption == Absorption.Never || method is not (SmoothnessMethod.Reml or SmoothnessMethod.Ml))
            return null;
        if (weights is not null && weights.Any(weight => weight <= 0))
            return null;
        var best = smooths.Where(CanBe).MaxBy(smooth => smooth.X.Columns);
        return best is not null && (absorption == Absorption.Always || best.X.Columns >= FewLevels) ? best : null;
    }

    private static bool CanBe(Smooth smooth) =>
        smooth is { IsRandomEffect: true, Id: null, NullDimension: 0, Penalties: [var penalty], SmoothingParameters: [not 0] }
        && IsMultipleOfIdentity(penalty)
        && HasDisjointColumns(smooth.X);

    private static bool IsMultipleOfIdentity(DenseMatrix penalty)
    {
        for (var i = 0; i < penalty.Rows; i++)
        for (var j = 0; j < penalty.Rows; j++)
            if (penalty[i, j] != (i == j ? penalty[0, 0] : 0))
                return false;
        return penalty.Rows > 0 && penalty[0, 0] > 0;
    }

    private static bool HasDisjointColumns(DenseMatrix x)
    {
        for (var i = 0; i < x.Rows; i++)
        {
            var row = x.Row(i);
            var first = row.IndexOfAnyExcept(0);
            if (first >= 0 && row[(first + 1)..].IndexOfAnyExcept(0) >= 0)
                return false;
        }
        return true;
    }
}
