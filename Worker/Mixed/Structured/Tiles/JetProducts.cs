using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>Products of jets of second order, placed as <see cref="JetLayout"/> says.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal static class JetProducts<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>The product of two jets in the same variables.</summary>
    public static void Multiply(ReadOnlySpan<TLanes> left, ReadOnlySpan<TLanes> right, int variables, Span<TLanes> target)
    {
        var jets = new JetLayout(variables);
        target[0] = left[0] * right[0];
        for (var k = 0; k < variables; k++)
        {
            var first = JetLayout.First(k);
            target[first] = TLanes.AddProduct(left[first] * right[0], left[0], right[first]);
            for (var l = 0; l <= k; l++)
            {
                var place = jets.Second(k, l);
                var sum = TLanes.AddProduct(left[place] * right[0], left[0], right[place]);
                sum = TLanes.AddProduct(sum, left[first], right[JetLayout.First(l)]);
                target[place] = TLanes.AddProduct(sum, left[JetLayout.First(l)], right[first]);
            }
        }
    }

    /// <summary>Adds the product of two jets, the second of which is in one more variable.</summary>
    /// <param name="narrow">A jet.</param>
    /// <param name="wide">A jet in one more variable.</param>
    /// <param name="variables">The number of variables of <paramref name="narrow"/>.</param>
    /// <param name="target">A jet as <paramref name="wide"/>.</param>
    public static void Add(ReadOnlySpan<TLanes> narrow, ReadOnlySpan<TLanes> wide, int variables, Span<TLanes> target)
    {
        var (below, jets) = (new JetLayout(variables), new JetLayout(variables + 1));
        target[0] = TLanes.AddProduct(target[0], narrow[0], wide[0]);
        for (var k = 0; k <= variables; k++)
        {
            ref var first = ref target[JetLayout.First(k)];
            first = TLanes.AddProduct(first, narrow[0], wide[JetLayout.First(k)]);
            if (k < variables)
                first = TLanes.AddProduct(first, narrow[JetLayout.First(k)], wide[0]);
            for (var l = 0; l <= k; l++)
            {
                ref var second = ref target[jets.Second(k, l)];
                second = TLanes.AddProduct(second, narrow[0], wide[jets.Second(k, l)]);
                if (l < variables)
                    second = TLanes.AddProduct(second, narrow[JetLayout.First(l)], wide[JetLayout.First(k)]);
                if (k == variables)
                    continue;
                second = TLanes.AddProduct(second, narrow[JetLayout.First(k)], wide[JetLayout.First(l)]);
                second = TLanes.AddProduct(second, narrow[below.Second(k, l)], wide[0]);
            }
        }
    }

    /// <summary>Subtracts the product of two jets, the second of which is in one more variable, from places of a jet in more.</summary>
    /// <param name="narrow">A jet.</param>
    /// <param name="wide">A jet in one more variable.</param>
    /// <param name="variables">The number of variables of <paramref name="narrow"/>.</param>
    /// <param name="target">A jet.</param>
    /// <param name="places">The places in <paramref name="target"/> of those of <paramref name="wide"/>.</param>
    public static void Subtract(
        ReadOnlySpan<TLanes> narrow,
        ReadOnlySpan<TLanes> wide,
        int variables,
        Span<TLanes> target,
        ReadOnlySpan<int> places
    )
    {
        var (jets, below) = (new JetLayout(variables + 1), new JetLayout(variables));
        target[0] = TLanes.SubtractProduct(target[0], wide[0], narrow[0]);
        for (var k = 0; k <= variables; k++)
        {
            ref var first = ref target[places[JetLayout.First(k)]];
            first = TLanes.SubtractProduct(first, wide[JetLayout.First(k)], narrow[0]);
            if (k < variables)
                first = TLanes.SubtractProduct(first, wide[0], narrow[JetLayout.First(k)]);
            for (var l = 0; l <= k; l++)
            {
                ref var second = ref target[places[jets.Second(k, l)]];
                second = TLanes.SubtractProduct(second, wide[jets.Second(k, l)], narrow[0]);
                if (l < variables)
                    second = TLanes.SubtractProduct(second, wide[JetLayout.First(k)], narrow[JetLayout.First(l)]);
                if (k == variables)
                    continue;
                second = TLanes.SubtractProduct(second, wide[JetLayout.First(l)], narrow[JetLayout.First(k)]);
                second = TLanes.SubtractProduct(second, wide[0], narrow[below.Second(k, l)]);
            }
        }
    }
}
