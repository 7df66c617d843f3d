using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// Reads all scalars of a model at the same elements, for one thread. Owns the memory of the blocks that it returns; once it has grown to
/// the largest stripe, it allocates nothing per block.
/// </summary>
internal sealed class BlockReader : IDisposable
{
    private readonly StripeReader[] _readers;
    private readonly ScalarValues[] _values;
    private readonly int[][] _subjectRows;
    private readonly byte[] _digests;
    private ElementRange _loaded;

    /// <summary>A reader of a model's scalars.</summary>
    /// <param name="scalars">The scalars, response first.</param>
    public BlockReader(IReadOnlyList<ScalarInput> scalars)
    {
        _readers = [.. scalars.Select(scalar => scalar.Source.CreateReader())];
        _subjectRows = [.. scalars.Select(scalar => scalar.SubjectRows)];
        _values = new ScalarValues[scalars.Count];
        _digests = new byte[scalars.Count * StripeDigest.BytesPerScalar];
    }

    /// <summary>How many elements to read at once so that their values are still in the core's own cache when they are used.</summary>
    public int ElementsPerPiece => _readers.Min(reader => reader.ElementsPerPiece);

    /// <summary>The digests of what was loaded last, overwritten by the next <see cref="Load"/>.</summary>
    public StripeDigest Digest => new(_loaded, _digests);

    /// <summary>Loads elements of one stripe, for <see cref="Read"/>.</summary>
    /// <exception cref="CorruptChunkException">They cannot be read.</exception>
    public void Load(ElementRange elements)
    {
        _loaded = elements;
        for (var i = 0; i < _readers.Length; i++)
        {
            _readers[i].Load(elements);
            _readers[i].Digest.CopyTo(_digests.AsSpan(i * StripeDigest.BytesPerScalar));
        }
    }

    /// <summary>Announces elements that some thread will load soon, so that the disk works while this one computes.</summary>
    public void Prefetch(ElementRange elements)
    {
        foreach (var reader in _readers)
            reader.Prefetch(elements);
    }

    /// <summary>The values at some of the elements that were loaded last. Valid until the next call of anything here.</summary>
    public ScalarBlock Read(ElementRange elements)
    {
        for (var i = 0; i < _readers.Length; i++)
            _values[i] = _readers[i].Values(elements);
        return new(_values, _subjectRows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var reader in _readers)
            reader.Dispose();
    }
}
