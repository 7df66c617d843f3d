using System.IO.Hashing;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Inputs;
using HpcFit.Worker.Models;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.EnhancedStage;

/// <summary>Passes over all elements of a run, each of which reads every stripe once and computes maps of statistics.</summary>
internal sealed class MapPass : IDisposable
{
    private readonly RunModel _model;
    private readonly OnError _onError;
    private readonly IReadOnlyList<StripePiece> _pieces;
    private readonly Workers<Space> _workers;

    /// <summary>Prepares passes.</summary>
    /// <param name="model">The model, whose engine has shuffles.</param>
    /// <param name="shuffled">What computes the statistics.</param>
    /// <param name="threads">The number of threads.</param>
    /// <param name="onError">What a corrupt chunk does: end the pass, or leave its elements outside the maps.</param>
    public MapPass(RunModel model, IShuffledModel shuffled, int threads, OnError onError)
    {
        (_model, _onError) = (model, onError);
        _pieces = StripePiece.Cut(model.Elements, model.Stripes);
        _workers = new(threads, () => new(model, shuffled));
    }

    /// <summary>Computes maps.</summary>
    /// <param name="maps">The maps, whose shuffles have been set.</param>
    /// <param name="stop">Ends the pass between blocks.</param>
    /// <returns>The digests of the stored bytes that were read, per scalar those of all stripes.</returns>
    /// <exception cref="CorruptChunkException">A chunk is corrupt, and that is an error.</exception>
    /// <exception cref="OperationCanceledException">A stop was requested.</exception>
    public StripeDigest Fit(IReadOnlyList<StatisticMaps> maps, CancellationToken stop)
    {
        var digests = new StripeDigest[_pieces.Count];
        _workers.Run(_pieces.Count, (space, piece) => digests[piece] = Fit(space, _pieces[piece], maps, stop), stop);
        return Combine(digests);
    }

    /// <inheritdoc/>
    public void Dispose() => _workers.Dispose();

    private StripeDigest Fit(Space space, StripePiece piece, IReadOnlyList<StatisticMaps> maps, CancellationToken stop)
    {
        try
        {
            return Fit(space, piece, piece.Span, maps, stop);
        }
        catch (CorruptChunkException damage) when (_onError == OnError.Skip)
        {
            FitUndamaged(space, piece, piece.Span, damage, maps, stop);
            return new(piece.Span, default);
        }
    }

    private StripeDigest Fit(Space space, StripePiece piece, ElementRange span, IReadOnlyList<StatisticMaps> maps, CancellationToken stop)
    {
        space.Reader.Load(span);
        var step = Math.Max(space.Reader.ElementsPerPiece, _model.Engine.ElementsPerFit);
        foreach (var range in piece.Ranges.Span)
        {
            for (var rest = range.Intersect(span); rest.Count > 0; rest = rest with { First = Math.Min(rest.End, rest.First + step) })
            {
                stop.ThrowIfCancellationRequested();
                space.Reader.Select(rest with { End = Math.Min(rest.End, rest.First + step) });
                space.Fitter.Fit(space.Reader.Block(0), maps);
            }
        }
        var digest = space.Reader.Digest(0);
        return digest with { Scalars = digest.Scalars.ToArray() };
    }

    /// <summary>The stripe's other chunks may be undamaged: the elements before and after the damage are read separately.</summary>
    private void FitUndamaged(
        Space space,
        StripePiece piece,
        ElementRange span,
        CorruptChunkException damage,
        IReadOnlyList<StatisticMaps> maps,
        CancellationToken stop
    )
    {
        var lost = damage.Elements.Intersect(span);
        foreach (var part in (ElementRange[])[span with { End = lost.First }, span with { First = lost.End }])
        {
            if (part.Count <= 0 || !piece.Touches(part))
                continue;
            try
            {
                Fit(space, piece, part, maps, stop);
            }
            catch (CorruptChunkException another)
            {
                FitUndamaged(space, piece, part, another, maps, stop);
            }
        }
    }

    private StripeDigest Combine(StripeDigest[] digests)
    {
        var all = new byte[_model.Scalars.Count * StripeDigest.BytesPerScalar];
        for (var scalar = 0; scalar < _model.Scalars.Count; scalar++)
        {
            var hash = new XxHash128();
            foreach (var digest in digests)
            {
                if (!digest.Scalars.IsEmpty)
                    hash.Append(digest.Scalars.Span.Slice(scalar * StripeDigest.BytesPerScalar, StripeDigest.BytesPerScalar));
            }
            hash.GetCurrentHash(all.AsSpan(scalar * StripeDigest.BytesPerScalar));
        }
        return new(new(0, _model.Inputs.TotalElements), all);
    }

    /// <summary>The workspace of a thread.</summary>
    private sealed class Space(RunModel model, IShuffledModel shuffled) : IDisposable
    {
        public BlockReader Reader { get; } = new(model.Scalars);

        public IShuffledFitter Fitter { get; } = shuffled.CreateFitter();

        public void Dispose()
        {
            Fitter.Dispose();
            Reader.Dispose();
        }
    }
}
