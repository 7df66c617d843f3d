using HpcFit.Coordinator.Reading;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Provenance;

/// <summary>
/// The tables of the data file with the positions of elements, to be copied into a new file of results, so that <c>export</c> can compare
/// positions. Until it is disposed of, no writer changes the data file.
/// </summary>
internal sealed class SourceTables : IDisposable
{
    private readonly FileLock? _unchanged;

    private SourceTables(IReadOnlyList<Content> contents, FileLock? unchanged) => (Contents, _unchanged) = (contents, unchanged);

    /// <summary>The tables with their attributes, copied in pieces.</summary>
    public IReadOnlyList<Content> Contents { get; }

    /// <summary>
    /// Finds the tables. One that cannot be copied gives a warning on standard error; the results are written all the same.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="target">Where its results go; nothing is copied into the data file itself.</param>
    /// <param name="reading">Reads metadata of files.</param>
    /// <param name="token">Stops it.</param>
    public static SourceTables From(RunDocument run, OutputTarget target, ReadingChild reading, CancellationToken token)
    {
        if (target.OutputFile is null)
            return new([], null);
        try
        {
            var file = ResponseFile(run, reading, token);
            var tables = file.ElementTables.Where(table => ElementTable.Places.Contains(table.Name)).ToList();
            foreach (var table in tables.Where(table => table.Problem is not null))
                Warn(target, table.Problem!);
            Content[] contents =
            [
                .. tables.Where(table => table.Problem is null).Select(table => new CopiedContent("/" + table.Name, file.Path)),
            ];
            return contents.Length == 0 ? new([], null) : new(contents, FileLock.Share(file.Path, UndoJournal.Patience));
        }
        catch (HpcFitException refusal)
        {
            Warn(target, refusal.Message);
            return new([], null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _unchanged?.Dispose();

    private static ModelArrayFile ResponseFile(RunDocument run, ReadingChild reading, CancellationToken token)
    {
        var response = run.Inputs.Scalars[0].Scalar;
        var files = run
            .Spec.Data.Select(data =>
                UndoJournal.ReadBetweenWrites(
                    data.Path,
                    UndoJournal.Patience,
                    () => run.Spec.AllowExternal ? reading.MetadataAnywhere(data.Path, token) : reading.Metadata(data.Path, token),
                    token
                )
            )
            .ToList();
        return files.Find(file => file.Scalars.Any(scalar => scalar.Name == response)) ?? files[0];
    }

    private static void Warn(OutputTarget target, string why) =>
        Console.Error.WriteLine($"WRN '{target.OutputFile}' gets no table of element positions, which 'hpcfit export' compares: {why}");
}
