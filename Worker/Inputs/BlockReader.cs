using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Inputs;

/// <summary>
/// Reads all scalars of one or several models at the same elements, for one thread. A scalar that several models use is read and inflated
/// once. Owns the memory of the blocks that it returns; once it has grown to the largest stripe, it allocates nothing per block.
/// </summary>
internal sealed class BlockReader : IDisposable
{
    private readonly StripeReader[] _readers;
    private readonly ModelView[] _models;
    private ElementRange _loaded;

    /// <summary>A reader of one model's scalars.</summary>
    /// <param name="scalars">The scalars, response first.</param>
    public BlockReader(IReadOnlyList<ScalarInput> scalars)
        : this([scalars]) { }

    /// <summary>A reader of the scalars of several models, which have the same stripes.</summary>
    /// <param name="models">For each model its scalars, response first.</param>
    public BlockReader(IReadOnlyList<IReadOnlyList<ScalarInput>> models)
    {
        var sources = models.SelectMany(scalars => scalars).Select(scalar => scalar.Source).Distinct().ToList();
        _readers = [.. sources.Select(source => source.CreateReader())];
        _models =
        [
            .. models.Select(scalars => new ModelView(
                [.. scalars.Select(scalar => sources.IndexOf(scalar.Source))],
                [.. scalars.Select(scalar => scalar.SubjectRows)]
            )),
        ];
    }

    /// <summary>How many elements to read at once so that their values are still in the core's own cache when they are used.</summary>
    public int ElementsPerPiece => _readers.Min(reader => reader.ElementsPerPiece);

    /// <summary>The digests of what one model's scalars held in what was loaded last, overwritten by the next load.</summary>
    public StripeDigest Digest(int model) => new(_loaded, _models[model].Digests);

    /// <summary>Loads elements of one stripe, for <see cref="Select"/>.</summary>
    /// <exception cref="CorruptChunkException">They cannot be read.</exception>
    public void Load(ElementRange elements)
    {
        foreach (var reader in _readers)
            reader.Load(elements);
        NoteLoaded(elements);
    }

    /// <summary>
    /// Serves what another thread's reader of the same models has loaded and does not load again (<see cref="StripeReader.Share"/>).
    /// </summary>
    public void Share(BlockReader loaded)
    {
        for (var i = 0; i < _readers.Length; i++)
            _readers[i].Share(loaded._readers[i]);
        NoteLoaded(loaded._loaded);
    }

    /// <summary>Announces elements that some thread will load soon, so that the disk works while this one computes.</summary>
    public void Prefetch(ElementRange elements)
    {
        foreach (var reader in _readers)
            reader.Prefetch(elements);
    }

    /// <summary>Selects some of the elements that were loaded last, for <see cref="Block"/>.</summary>
    public void Select(ElementRange elements)
    {
        for (var i = 0; i < _readers.Length; i++)
        {
            var values = _readers[i].Values(elements);
            foreach (var model in _models)
                model.Set(i, values);
        }
    }

    /// <summary>One model's values at the selected elements. Valid until the next call of anything but this.</summary>
    public ScalarBlock Block(int model) => new(_models[model].Values, _models[model].SubjectRows);

    /// <summary>
    /// The first model's values at some of the elements that were loaded last. Valid until the next call of anything here.
    /// </summary>
    public ScalarBlock Read(ElementRange elements)
    {
        Select(elements);
        return Block(0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var reader in _readers)
            reader.Dispose();
    }

    private void NoteLoaded(ElementRange elements)
    {
        _loaded = elements;
        foreach (var model in _models)
            model.NoteDigests(_readers);
    }

    /// <summary>One model's share of what is read.</summary>
    /// <param name="readers">For each of its scalars, the index of the reader.</param>
    /// <param name="subjectRows">For each of its scalars, the row of each subject of the model.</param>
    private sealed class ModelView(int[] readers, int[][] subjectRows)
    {
        public ScalarValues[] Values { get; } = new ScalarValues[readers.Length];

        public int[][] SubjectRows => subjectRows;

        public byte[] Digests { get; } = new byte[readers.Length * StripeDigest.BytesPerScalar];

        public void Set(int reader, in ScalarValues values)
        {
            for (var scalar = 0; scalar < readers.Length; scalar++)
            {
                if (readers[scalar] == reader)
                    Values[scalar] = values;
            }
        }

        public void NoteDigests(StripeReader[] all)
        {
            for (var scalar = 0; scalar < readers.Length; scalar++)
                all[readers[scalar]].Digest.CopyTo(Digests.AsSpan(scalar * StripeDigest.BytesPerScalar));
        }
    }
}
