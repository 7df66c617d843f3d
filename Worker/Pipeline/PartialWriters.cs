using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;

namespace HpcFit.Worker.Pipeline;

/// <summary>The partial files of one attempt: one in the run directory of each model.</summary>
internal sealed class PartialWriters : IDisposable
{
    private readonly Dictionary<RunModel, PartialWriter> _writers = [];

    private PartialWriters() { }

    /// <summary>A model's partial file.</summary>
    public PartialWriter this[RunModel model] => _writers[model];

    /// <summary>Creates the files.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="models">The model of each run.</param>
    public static PartialWriters Create(AttemptId attempt, IEnumerable<RunDirectory> runs, IEnumerable<RunModel> models)
    {
        var writers = new PartialWriters();
        try
        {
            foreach (var (run, model) in runs.Zip(models))
                writers._writers.Add(
                    model,
                    PartialWriter.Create(
                        run.PartialFile(attempt),
                        PartialHeader.Create(run.Document.Digest, attempt, Environment.MachineName, model.Engine.Layout)
                    )
                );
            return writers;
        }
        catch
        {
            writers.Dispose();
            throw;
        }
    }

    /// <summary>Makes all files durable.</summary>
    public void Complete()
    {
        foreach (var writer in _writers.Values)
            writer.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var writer in _writers.Values)
            writer.Dispose();
    }
}
