using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.Probing;

/// <summary>The cost of fitting a few elements in the middle of a run.</summary>
/// <param name="SecondsPerElement">One element's share of reading its stripe, and its fit, on one thread
/// (<see cref="ThreadClock"/>).</param>
/// <param name="FitSecondsPerElement">Its fit alone.</param>
/// <param name="SecondsPerStripe">Reading and inflating a stripe once, included in the time of its elements.</param>
/// <param name="AllocatedBytes">Managed memory that the thread allocated for its buffers and workspace.</param>
/// <param name="Elements">The number of elements that were fitted.</param>
/// <param name="Fitted">The number of those that gave values.</param>
internal sealed record PilotFits(
    double SecondsPerElement,
    double FitSecondsPerElement,
    double SecondsPerStripe,
    long AllocatedBytes,
    int Elements,
    int Fitted
)
{
    private const int StripesTried = 3;

    /// <summary>Seconds of fitting after which nothing further is tried, unless a model has to share them with others.</summary>
    public const double DefaultBudget = 0.2;

    /// <summary>
    /// Fits elements of the stripe in the run's middle; when none of them gives values, those of adjacent stripes, nearest first.
    /// </summary>
    /// <param name="pass">The models.</param>
    /// <param name="pieces">The run's elements.</param>
    /// <param name="budget">Seconds of fitting after which nothing further is tried.</param>
    /// <exception cref="CorruptChunkException">Every stripe that was tried is damaged.</exception>
    public static PilotFits Measure(ModelPass pass, IReadOnlyList<StripePiece> pieces, double budget)
    {
        PilotFits? measured = null;
        CorruptChunkException? damage = null;
        var middle = MiddlePiece(pieces, pieces.Sum(piece => piece.Count) / 2);
        foreach (var piece in Near(pieces.Count, middle).Take(StripesTried))
        {
            try
            {
                measured = Measure(pass, pieces[piece], budget);
            }
            catch (CorruptChunkException corrupt)
            {
                damage = corrupt;
            }
            if (measured is { Fitted: > 0 })
                return measured;
        }
        return measured ?? throw damage!;
    }

    /// <summary>The middle and its neighbours, nearest first, later ones before earlier ones.</summary>
    private static IEnumerable<int> Near(int count, int middle) =>
        new[] { middle, middle + 1, middle - 1, middle + 2, middle - 2 }.Where(piece => piece >= 0 && piece < count);

    private static int MiddlePiece(IReadOnlyList<StripePiece> pieces, long middle)
    {
        for (var piece = 0; piece < pieces.Count; piece++)
        {
            foreach (var range in pieces[piece].Ranges.Span)
                middle -= range.Count;
            if (middle < 0)
                return piece;
        }
        return pieces.Count - 1;
    }

    private static PilotFits Measure(ModelPass pass, StripePiece piece, double budget)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        using var fitter = new StripeFitter(pass);
        var isUserCode = pass.UserCode.Any();
        var clock = new ThreadClock(ofProcessor: !isUserCode);
        var started = clock.Seconds;
        fitter.Read(piece.Span);
        var reading = clock.Seconds - started;
        var last = started = clock.Seconds;
        var (elements, fitted, blocks) = (0, 0, 0);
        var warm = (Size: 0, Elements: 0, Seconds: 0.0);
        using var enough = new CancellationTokenSource();
        // A block has been fitted by all models when the last one's results arrive.
        BlockSink[] sinks = [.. pass.Models.Skip(1).Select(_ => (BlockSink)((_, _) => { })), Count];
        while (warm.Elements == 0 || (!enough.IsCancellationRequested && elements < 2 * piece.Count))
        {
            foreach (var range in piece.Ranges.Span)
                fitter.Fit(range, sinks, enough.Token);
        }
        return new(
            (reading / Math.Max(1, piece.Count)) + (warm.Seconds / warm.Elements),
            warm.Seconds / warm.Elements,
            reading,
            GC.GetAllocatedBytesForCurrentThread() - allocated,
            // Few elements are fitted twice, so that one of the blocks is timed without compilation.
            (int)Math.Min(elements, piece.Count),
            (int)Math.Min(fitted, piece.Count)
        );

        void Count(ResultBlock block, StripeDigest read)
        {
            elements += block.Count;
            foreach (var code in block.Status)
                fitted += HasValues(code) ? 1 : 0;
            var seconds = clock.Seconds - last;
            // The first block includes compilation and set-up. The largest blocks show the cost of elements; shorter ones, cut off at a
            // border, do not.
            if ((blocks++ > 0 || isUserCode) && block.Count >= warm.Size)
                warm =
                    block.Count > warm.Size
                        ? (block.Count, block.Count, seconds)
                        : (warm.Size, warm.Elements + block.Count, warm.Seconds + seconds);
            if (warm.Elements > 0 && clock.Seconds - started > budget)
                enough.Cancel();
            last = clock.Seconds;
        }
    }

    private static bool HasValues(ElementStatus code) =>
        code
            is ElementStatus.Fitted
                or ElementStatus.RankDeficient
                or ElementStatus.ConstantResponse
                or ElementStatus.NotPermuted
                or ElementStatus.NoResidualDegreesOfFreedom;
}
