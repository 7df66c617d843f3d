using HpcFit.Worker.Kernels;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// Copies the responses of a block, √w (y - offset) on the rows in the fit, transformed as the formula states. A workspace of one thread.
/// </summary>
internal sealed class ResponseRows
{
    private readonly LinearEngine _engine;
    private readonly WholeCohortDesign _design;
    private readonly ResponseTile _tiles;
    private readonly ElementValues _values;
    private readonly double[] _transformed;
    private readonly bool _needsAllSubjects;

    /// <summary>A workspace for a model.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="design">The rows in the fit.</param>
    public ResponseRows(LinearEngine engine, WholeCohortDesign design)
    {
        (_engine, _design) = (engine, design);
        _tiles = new(_design);
        _values = new(engine.Subjects, engine.Design.ScalarPredictors.Count);
        _transformed = new double[engine.Subjects];
        // Such terms are built from the subjects with a response, also from those that the fit leaves out for another reason.
        _needsAllSubjects =
            ReferenceEquals(design, engine.WholeCohort) && engine.Design.RebuildsOnRows && design.Rows.Length < engine.Subjects;
    }

    /// <summary>Takes a block.</summary>
    public void Start(in ScalarBlock block) => _tiles.Start(block.Scalars.Span[0], block.SubjectRows[0]);

    /// <summary>Copies consecutive elements; other lanes get any values.</summary>
    /// <param name="block">The block.</param>
    /// <param name="first">The first element.</param>
    /// <param name="lanes">The number of elements.</param>
    /// <param name="responses">Receives rows × <see cref="TileKernel.Width"/> values.</param>
    public void Copy(in ScalarBlock block, int first, int lanes, Span<double> responses)
    {
        if (_engine.Design.ResponseIsTransformed)
        {
            responses.Clear();
            for (var lane = 0; lane < lanes; lane++)
                CopyTransformed(block, first + lane, responses[lane..]);
            return;
        }
        var tile = _tiles.At(first, lanes);
        for (var row = 0; row < tile.Rows; row++)
        {
            var target = responses.Slice(row * TileKernel.Width, TileKernel.Width);
            var start = tile.RowStarts[row];
            if (tile.Doubles.IsEmpty)
                for (var lane = 0; lane < target.Length; lane++)
                    target[lane] = tile.Singles[start + lane];
            else
                tile.Doubles.Slice(start, target.Length).CopyTo(target);
        }
    }

    /// <summary>Whether the model of an element is that of all subjects, if its responses are finite.</summary>
    public bool AreComplete(in ScalarBlock block, int element)
    {
        if (!_needsAllSubjects)
            return true;
        if (block.Scalars.Length == 1)
            return _tiles.CountFinite(element) == _transformed.Length;
        _values.Load(block, element);
        return _values.FiniteCount == _transformed.Length;
    }

    private void CopyTransformed(in ScalarBlock block, int element, Span<double> lane)
    {
        _values.Load(block, element);
        _engine.Design.TransformResponse(_values.Response, _values.Predictors, _transformed);
        for (var row = 0; row < _design.Rows.Length; row++)
            lane[row * TileKernel.Width] =
                (_transformed[_design.Rows[row]] - (_design.Offset?[row] ?? 0)) * (_design.RootWeights?[row] ?? 1);
    }
}
