using HpcFit.Shared.Elements;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Inputs;

/// <summary>
/// The elements of a file one by one in the order in which ModelArray looks for one that can be fitted: from the middle to the end, then
/// from the middle to the start. Each stripe is read when its first element is requested; a damaged one is skipped, since the fit reports
/// it.
/// </summary>
internal static class PilotOrder
{
    /// <summary>Blocks of one element. Each is valid until the next one is requested.</summary>
    public static IEnumerable<ScalarBlock> Elements(IReadOnlyList<ScalarInput> scalars)
    {
        using var reader = new BlockReader(scalars);
        var (plan, loaded, isSound) = (scalars[0].Source.Plan, -1L, false);
        foreach (var element in Order(plan.Elements))
        {
            if (plan.StripeOf(element) != loaded)
            {
                loaded = plan.StripeOf(element);
                isSound = TryLoad(reader, plan.Range(loaded));
            }
            if (isSound)
                yield return reader.Read(new(element, element + 1));
        }
    }

    private static bool TryLoad(BlockReader reader, ElementRange elements)
    {
        try
        {
            reader.Load(elements);
            return true;
        }
        catch (CorruptChunkException)
        {
            return false;
        }
    }

    private static IEnumerable<long> Order(long elements)
    {
        for (var element = elements / 2; element < elements; element++)
            yield return element;
        for (var element = (elements / 2) - 1; element >= 0; element--)
            yield return element;
    }
}
