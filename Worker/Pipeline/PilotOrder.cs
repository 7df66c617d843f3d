using HpcFit.Shared.Elements;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// The elements of a file one by one in the order in which ModelArray looks for one that can be fitted: from the middle to the end, then
/// from the middle to the start. Each stripe is read when its first element is asked for; a damaged one is passed over, since the fit names
/// it.
/// </summary>
internal static class PilotOrder
{
    /// <summary>Blocks of one element. Valid until the next one is asked for.</summary>
    public static IEnumerable<ScalarBlock> Elements(IReadOnlyList<ScalarInput> scalars)
    {
        var readers = scalars.Select(scalar => scalar.Source.CreateReader()).ToList();
        try
        {
            var (plan, held, isSound) = (scalars[0].Source.Plan, -1L, false);
            var stripe = new StripeValues[scalars.Count];
            foreach (var element in Order(plan.Elements))
            {
                if (plan.StripeOf(element) != held)
                {
                    held = plan.StripeOf(element);
                    isSound = TryRead(readers, plan.Range(held), stripe);
                }
                if (isSound)
                    yield return new(element, 1, scalars.Select((scalar, i) => Values(stripe[i], element, scalar)).ToArray());
            }
        }
        finally
        {
            foreach (var reader in readers)
                reader.Dispose();
        }
    }

    private static bool TryRead(List<StripeReader> readers, ElementRange elements, StripeValues[] stripe)
    {
        try
        {
            for (var i = 0; i < readers.Count; i++)
                stripe[i] = readers[i].Read(elements);
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

    private static ScalarValues Values(StripeValues stripe, long element, ScalarInput scalar)
    {
        var skip = (int)(element - stripe.FirstElement);
        return new(
            stripe.Singles.IsEmpty ? default : stripe.Singles[skip..],
            stripe.Doubles.IsEmpty ? default : stripe.Doubles[skip..],
            stripe.Stride,
            scalar.RowOfSubject
        );
    }
}
