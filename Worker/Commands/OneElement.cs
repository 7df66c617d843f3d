using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Custom;
using HpcFit.Worker.Inputs;
using HpcFit.Worker.Models;
using HpcFit.Worker.Summaries;

namespace HpcFit.Worker.Commands;

/// <summary>One element of a file, for prototyping models and functions.</summary>
internal sealed class OneElement : IDisposable
{
    private readonly RunSpec _spec;
    private readonly RunSources _sources;
    private readonly ScalarPool _pool;
    private readonly List<ScalarInput> _scalars;
    private readonly BlockReader _reader;
    private readonly ScalarBlock _block;

    private OneElement(RunSpec spec, RunSources sources, ScalarPool pool, List<ScalarInput> scalars, long id)
    {
        (_spec, _sources, _pool, _scalars) = (spec, sources, pool, scalars);
        _reader = new(scalars);
        _reader.Load(new(id, id + 1));
        _block = _reader.Read(new(id, id + 1));
    }

    /// <summary>Reads an element by its number, counted from 1.</summary>
    /// <exception cref="BadInputException">The file has no such element, or the spec cannot be used.</exception>
    public static OneElement Open(RunSpec spec, long number)
    {
        var sources = RunSources.Open(spec);
        var id = ElementNumber.ToId(number, sources.Response.Name, sources.Response.Elements);
        var attached = spec.Model.Custom?.Scalars ?? sources.Scalars.Names;
        SpecChecks.ColumnNames(attached, sources.Cohort);
        var pool = new ScalarPool(new());
        try
        {
            var scalars = sources.OpenInputs([sources.Response.Name, .. attached.Where(name => name != sources.Response.Name)], pool);
            return new(spec, sources, pool, scalars, id);
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    /// <summary>Its number and its id in the results.</summary>
    public string Title => ElementNumber.Title(_block.FirstElement, _sources.Response.Elements);

    /// <summary>Warnings about the files and the cohort.</summary>
    public IReadOnlyList<string> Warnings => _sources.Warnings;

    private IReadOnlyList<string> Attached => _spec.Model.Custom?.Scalars ?? _sources.Scalars.Names;

    /// <summary>The subjects and the data that a function gets.</summary>
    public ModelFrame Frame => _sources.Complete(DataSummary.CreateFrame(_sources.Cohort, Attached));

    /// <summary>Its data as CSV.</summary>
    public IEnumerable<string> Table()
    {
        var (names, rows) = (Attached, _sources.Cohort.Rows);
        var order = names.Select(name => _scalars.FindIndex(scalar => scalar.Source.Scalar.Name == name)).ToList();
        var values = new double[order.Count * rows];
        for (var i = 0; i < order.Count; i++)
            _block.CopyElement(order[i], 0, values.AsSpan(i * rows, rows));
        return ElementValuesTable.Lines(_sources.Cohort, names, values);
    }

    /// <summary>The function's result and the time it takes, as lines of text.</summary>
    /// <param name="print">Receives what the function prints.</param>
    public IEnumerable<string> Trial(Action<string> print)
    {
        using var engine = CustomEngine.Create(_spec.Model, _sources.Cohort, _sources.Scalars.Names, _sources.Response.Name);
        engine.Journal.ForwardTo(print, _ => { });
        var batch = engine.CreateBatch();
        if (!batch.TryAdd(_block, 0))
            throw new BadInputException(
                $"The {Title}, has too few subjects that are finite in all attached scalars: a run would not call the function there."
            );
        foreach (var line in engine.Try(batch, _sources.Response.Elements))
            yield return line;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _pool.Dispose();
    }
}
