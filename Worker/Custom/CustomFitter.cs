using System.Diagnostics;
using HpcFit.Shared.Elements;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Custom;

/// <summary>Calls the user's function at the elements of blocks, in batches, through its own interpreter.</summary>
/// <remarks>
/// A batch that ends its interpreter, or exceeds the time limit of one element, is repeated element by element on a new one: only the
/// element at fault gets a status code, and the others get the same results as otherwise, since each starts from its own seed.
/// </remarks>
internal sealed class CustomFitter : IBlockFitter
{
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(50);

    private readonly CustomEngine _engine;
    private readonly Interpreters _interpreters;
    private readonly ElementBatch _batch;
    private readonly BatchAnswers _answers;
    private readonly int _columns;
    private Interpreter? _interpreter;
    private int _batchSize = 1;

    /// <summary>A fitter whose interpreter starts with the first element.</summary>
    public CustomFitter(CustomEngine engine, Interpreters interpreters)
    {
        (_engine, _interpreters) = (engine, interpreters);
        _batch = engine.CreateBatch();
        _columns = engine.Layout.PartialWidth;
        _answers = new(_columns);
    }

    private bool ShouldStop => _engine.Journal is { StopsAtFirst: true, Failures: > 0 } || _interpreters.AreGivenUp;

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        _batch.Clear();
        for (var place = 0; place < block.Count; place++)
        {
            if (!_batch.TryAdd(block, place))
                Skip(results, place, ElementStatus.TooFewSubjects);
            if (_batch.Count == Math.Min(_batchSize, _batch.Capacity))
                FitBatch(results);
        }
        if (_batch.Count > 0)
            FitBatch(results);
    }

    /// <inheritdoc/>
    public void Dispose() => _interpreter?.Dispose();

    private void FitBatch(in ResultBlock results)
    {
        if (ShouldStop)
            SkipFrom(results, 0);
        else if (!TryWhole(results))
            OneByOne(results);
        _batch.Clear();
    }

    /// <summary>False if the batch must be repeated element by element.</summary>
    private bool TryWhole(in ResultBlock results)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            Ask(0, _batch.Count);
        }
        catch (InterpreterEndedException end)
        {
            Discard();
            if (_batch.Count > 1 || !end.TimedOut || _interpreters.AreGivenUp)
                return false;
            Fail(results, 0, ElementStatus.UserCodeTimedOut, end.Message);
            return true;
        }
        Take(results, 0);
        Pace(Stopwatch.GetElapsedTime(started));
        return true;
    }

    private void OneByOne(in ResultBlock results)
    {
        _batchSize = Math.Max(1, _batchSize / 4);
        for (var element = 0; element < _batch.Count; element++)
        {
            if (ShouldStop)
            {
                SkipFrom(results, element);
                return;
            }
            try
            {
                Ask(element, 1);
                Take(results, element);
            }
            catch (InterpreterEndedException end)
            {
                Discard();
                if (_interpreters.AreGivenUp)
                    SkipFrom(results, element);
                else
                    Fail(results, element, end.TimedOut ? ElementStatus.UserCodeTimedOut : ElementStatus.UserCodeFailed, end.Message);
            }
        }
    }

    private void Ask(int first, int count)
    {
        if (_interpreter is null)
        {
            _interpreter = _interpreters.Take();
            _interpreter.FixColumns(_engine.AnswerColumns);
        }
        _answers.Begin(count);
        _interpreter.Fit(_batch, first, _answers);
    }

    private void Take(in ResultBlock results, int first)
    {
        var message = 0;
        for (var i = 0; i < _answers.Count; i++)
        {
            if (_answers.Failed[i] != 0)
            {
                Fail(results, first + i, ElementStatus.UserCodeFailed, _answers.Messages[message++]);
                continue;
            }
            var place = _batch.Places[first + i];
            var values = _answers.Values.Slice(i * _columns, _columns);
            for (var column = 0; column < _columns; column++)
                results[column, place] = values[column];
            results.Status[place] = ElementStatus.Fitted;
            if (_engine.ReportsNaN && values.IndexOf(double.NaN) is >= 0 and var missing)
                _engine.Journal.AnsweredNaN(_batch.FirstElementOfBlock + place, _engine.AnswerColumns[missing]);
        }
    }

    private void Fail(in ResultBlock results, int element, ElementStatus status, string message)
    {
        var place = _batch.Places[element];
        _engine.Journal.Failed(_batch.FirstElementOfBlock + place, message);
        Skip(results, place, status);
    }

    private void SkipFrom(in ResultBlock results, int first)
    {
        foreach (var place in _batch.Places[first..])
            Skip(results, place, ElementStatus.NotInRun);
    }

    private void Skip(in ResultBlock results, int place, ElementStatus status)
    {
        for (var column = 0; column < _columns; column++)
            results[column, place] = double.NaN;
        results.Status[place] = status;
    }

    private void Discard()
    {
        _interpreter?.Dispose();
        _interpreter = null;
    }

    private void Pace(TimeSpan taken)
    {
        if (taken < BatchTime / 2)
            _batchSize = Math.Min(_batch.Capacity, _batchSize * 2);
        else if (taken > BatchTime * 2)
            _batchSize = Math.Max(1, _batchSize / 2);
    }
}
