using System.Diagnostics;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Inputs;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>Receives a model's finished block, from any thread.</summary>
/// <param name="block">The results. Valid until the call returns.</param>
/// <param name="read">The digests of what they were computed from. Valid until the call returns.</param>
internal delegate void BlockSink(ResultBlock block, StripeDigest read);

/// <summary>
/// One thread's part of the pipeline: it reads a stripe, fits it block by block with every model of the pass, and passes each model's
/// blocks of results to that model's sink. Owns the memory of values and results, which grows to the largest block; after that nothing is
/// allocated per element.
/// </summary>
internal sealed class StripeFitter : IDisposable
{
    private const int MaxResultBytes = 64 << 20;

    private readonly BlockReader _reader;
    private readonly ModelFit[] _models;
    private readonly AdaptiveBlockSize _blockSize;
    private readonly int _maxElements;
    private readonly int _elementsPerPiece;
    private readonly int _elementsPerFit;
    private readonly BlockSink[] _onlySink = new BlockSink[1];

    /// <summary>Creates the workspace of one thread for one model.</summary>
    public StripeFitter(RunModel model)
        : this(new ModelPass([model])) { }

    /// <summary>Creates the workspace of one thread.</summary>
    /// <param name="pass">The models.</param>
    /// <param name="secondsPerElement">The time of one element as the probe measured it; 0: unknown.</param>
    public StripeFitter(ModelPass pass, double secondsPerElement = 0)
    {
        _maxElements = MaxElementsPerBlock(pass.Models.Sum(model => model.Engine.Layout.PartialWidth));
        _reader = new([.. pass.Models.Select(model => model.Scalars)]);
        _elementsPerPiece = _reader.ElementsPerPiece;
        _elementsPerFit = pass.Models.Max(model => model.Engine.ElementsPerFit);
        _models = [.. pass.Models.Select(model => new ModelFit(model.Engine))];
        _blockSize = new(pass.UserCode.Any(), secondsPerElement);
    }

    /// <summary>The elements of the next block.</summary>
    public int BlockElements => Math.Min(Math.Max(_blockSize.Elements, _elementsPerFit), _maxElements);

    /// <summary>
    /// How many elements' results are held at once, however fast elements are fitted: curves and columns per subject make them long.
    /// </summary>
    /// <param name="columns">The columns of all models.</param>
    public static int MaxElementsPerBlock(int columns) => Math.Max(1, MaxResultBytes / (sizeof(double) * Math.Max(1, columns)));

    /// <summary>Reads and inflates elements of one stripe, for <see cref="Fit(ElementRange, BlockSink[], CancellationToken)"/>.</summary>
    /// <exception cref="CorruptChunkException">They cannot be read.</exception>
    public void Read(ElementRange span) => _reader.Load(span);

    /// <summary>Fits elements of what another thread has read, and does not read again meanwhile.</summary>
    public void Share(StripeFitter read) => _reader.Share(read._reader);

    /// <inheritdoc cref="BlockReader.Prefetch"/>
    public void Prefetch(ElementRange span) => _reader.Prefetch(span);

    /// <summary>The first model's values at some of the elements that were read last. Valid until the next call of anything here.</summary>
    public ScalarBlock Values(ElementRange elements) => _reader.Read(elements);

    /// <summary>Fits a range inside what was read last with the only model of the pass.</summary>
    /// <inheritdoc cref="Fit(ElementRange, BlockSink[], CancellationToken)"/>
    public bool Fit(ElementRange elements, BlockSink sink, CancellationToken stop)
    {
        _onlySink[0] = sink;
        return Fit(elements, _onlySink, stop);
    }

    /// <summary>Fits a range inside what was read last, block by block.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="sinks">For each model the receiver of its blocks.</param>
    /// <param name="stop">Looked at several times per block; what is done then is published.</param>
    /// <returns>Whether all of it was done.</returns>
    public bool Fit(ElementRange elements, BlockSink[] sinks, CancellationToken stop)
    {
        for (var rest = elements; rest.Count > 0; )
        {
            if (stop.IsCancellationRequested)
                return false;
            var started = Stopwatch.GetTimestamp();
            var wanted = BlockElements;
            var block = rest with { End = Math.Min(rest.End, rest.First + wanted) };
            var done = FitBlock(block, started, sinks, stop);
            if (done.Count < block.Count)
                _blockSize.CutShort((int)done.Count);
            else if (done.Count == wanted)
                _blockSize.Finished(started);
            rest = rest with { First = done.End };
        }
        return true;
    }

    /// <summary>Publishes elements that cannot be read: NaN in every column, and the reason as their status.</summary>
    public void Skip(ElementRange elements, ElementStatus reason, BlockSink[] sinks)
    {
        for (var rest = elements; rest.Count > 0; )
        {
            var part = rest with { End = Math.Min(rest.End, rest.First + _maxElements) };
            for (var model = 0; model < _models.Length; model++)
            {
                var results = _models[model].Reserve(part);
                results.FillWithNaN();
                results.Status.Fill(reason);
                sinks[model](results, new(elements, default));
            }
            rest = rest with { First = part.End };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in _models)
            model.Dispose();
        _reader.Dispose();
    }

    /// <summary>Fits a block, or as much of it as a stop and the time leave, and publishes it.</summary>
    private ElementRange FitBlock(ElementRange elements, long started, BlockSink[] sinks, CancellationToken stop)
    {
        foreach (var model in _models)
            model.Reserve(elements);
        var step = Math.Max(_elementsPerFit, Math.Min(_elementsPerPiece, _blockSize.ElementsPerLook));
        var rest = elements;
        do
        {
            var piece = rest with { End = Math.Min(rest.End, rest.First + step) };
            _reader.Select(piece);
            for (var model = 0; model < _models.Length; model++)
                _models[model].Fit(_reader.Block(model), piece);
            rest = rest with { First = piece.End };
        } while (rest.Count > 0 && !stop.IsCancellationRequested && Stopwatch.GetElapsedTime(started) < AdaptiveBlockSize.MaxTime);
        var done = elements with { End = rest.First };
        for (var model = 0; model < _models.Length; model++)
            sinks[model](_models[model].Results(done), _reader.Digest(model));
        return done;
    }

    /// <summary>One model's fitter and the memory of its results.</summary>
    private sealed class ModelFit(IModelEngine engine) : IDisposable
    {
        private readonly IBlockFitter _fitter = engine.CreateFitter();
        private readonly int _columnCount = engine.Layout.PartialWidth;
        private double[] _columns = [];
        private readonly byte[] _bytes = new byte[engine.Layout.BytesPerBlock];
        private ElementStatus[] _status = [];
        private ResultBlock _block;

        /// <summary>Memory for the results of a block.</summary>
        public ResultBlock Reserve(ElementRange elements)
        {
            var count = (int)elements.Count;
            if (_status.Length < count)
            {
                _columns = GC.AllocateUninitializedArray<double>(checked(count * _columnCount));
                _status = GC.AllocateUninitializedArray<ElementStatus>(count);
            }
            Array.Clear(_bytes);
            return _block = new(elements, _columns.AsMemory(0, count * _columnCount), _status.AsMemory(0, count)) { Bytes = _bytes };
        }

        /// <summary>Fits a piece of the block.</summary>
        public void Fit(in ScalarBlock values, ElementRange piece) => _fitter.Fit(values, _block.Slice(piece));

        /// <summary>The results of the block's first elements.</summary>
        public ResultBlock Results(ElementRange done) => done == _block.Elements ? _block : _block.Slice(done);

        /// <inheritdoc/>
        public void Dispose() => _fitter.Dispose();
    }
}
