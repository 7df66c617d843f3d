using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Inputs;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>Several models, opened together so that they share the scalars that they have in common.</summary>
internal sealed class RunModels : IDisposable
{
    private readonly ScalarPool _pool;
    private readonly List<RunModel> _models = [];

    private RunModels(ReadCounters counters) => _pool = new(counters);

    /// <summary>The models, in the order of their specs.</summary>
    public IReadOnlyList<RunModel> Models => _models;

    /// <summary>Opens models.</summary>
    /// <param name="specs">What each computes, and the columns of a user's function where a probe has found them.</param>
    /// <param name="engines">Creates the engines.</param>
    /// <param name="counters">Counts what is read.</param>
    /// <exception cref="BadInputException">One of them cannot be used; the message names what is wrong.</exception>
    public static RunModels Open(IReadOnlyList<(RunSpec Spec, ResultLayout? Layout)> specs, EngineFactory engines, ReadCounters counters) =>
        RunModel.BetweenWrites(
            specs.SelectMany(one => one.Spec.Data),
            () =>
            {
                var models = new RunModels(counters);
                try
                {
                    foreach (var (spec, layout) in specs)
                        models.Add(spec, layout, engines, specs.Count);
                    return models;
                }
                catch
                {
                    models.Dispose();
                    throw;
                }
            }
        );

    private void Add(RunSpec spec, ResultLayout? layout, EngineFactory engines, int count)
    {
        try
        {
            _models.Add(RunModel.OpenNow(spec, engines, _pool, layout, runtime: null));
        }
        catch (HpcFitException refusal) when (count > 1)
        {
            throw new ModelRefusedException(_models.Count + 1, count, spec.Model, refusal);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in _models)
            model.Dispose();
        _pool.Dispose();
    }
}
