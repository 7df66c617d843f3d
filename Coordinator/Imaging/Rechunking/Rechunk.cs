using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Imaging.Rechunking;

/// <summary>
/// Rewrites a file with chunks that contain all subjects, as fitting reads them. Scalars are rewritten as subjects × elements, also if they
/// were stored transposed; everything else is copied unchanged.
/// </summary>
internal sealed class Rechunk(ILogger log)
{
    /// <summary>Rewrites the file.</summary>
    /// <exception cref="BadInputException">The input cannot be used, or the output already exists; nothing is left behind.</exception>
    public void Execute(RechunkPlan plan, CancellationToken token)
    {
        if (Path.GetFullPath(plan.Input) == Path.GetFullPath(plan.Output))
            throw new BadInputException(
                $"'{plan.Input}' cannot be both input and output. " + "Choose another output, and rename it afterwards."
            );
        if (File.Exists(plan.Output) && !plan.Overwrite)
            throw new BadInputException($"'{plan.Output}' exists. Choose another name, or replace it with " + "--overwrite.");
        var file = ModelArrayFile.Open(plan.Input, plan.AllowExternal);
        if (file.Scalars.FirstOrDefault(scalar => scalar.Storage.Problem is not null) is { } unreadable)
            throw new BadInputException(
                $"The scalar '{unreadable.Name}' of '{plan.Input}' " + $"cannot be rewritten: {unreadable.Problem}"
            );
        var sources = new List<IDisposable>();
        try
        {
            var contents = OtherContents.Read(file);
            foreach (var scalar in file.Scalars.Where(scalar => scalar.Problem is null))
            {
                var (content, source) = Values(plan, file, scalar, token);
                sources.Add(source);
                contents.Add(content);
            }
            var request = new WriteRequest
            {
                File = plan.Output,
                NewFile = true,
                Overwrite = plan.Overwrite,
                Contents = contents,
                What = "hpcfit rechunk",
                MetadataTimeout = plan.MetadataTimeout,
            };
            var report = Hdf5Write.Run(request, token);
            log.FileWritten(plan.Output, new FileInfo(plan.Output).Length, report.RawBytes);
        }
        finally
        {
            foreach (var source in sources)
                source.Dispose();
        }
    }

    private (DatasetContent Content, IDisposable Source) Values(
        RechunkPlan plan,
        ModelArrayFile file,
        ScalarMatrix scalar,
        CancellationToken token
    )
    {
        var storage = plan.Storage with { Type = plan.Type ?? Natural(scalar.Type) };
        var layout = storage.Layout(checked((int)scalar.Subjects), checked((int)scalar.Elements));
        log.ScalarPlanned(scalar.Name, (int)scalar.Subjects, layout.Elements, layout.TypeName, layout.BlockElements);
        var content = new DatasetContent(scalar.DatasetPath)
        {
            Type = storage.Type,
            Shape = [scalar.Subjects, scalar.Elements],
            Chunk = [scalar.Subjects, layout.BlockElements],
            Filters = storage.Filters,
            AttributesFrom = plan.Input,
            Source = (_, _) => throw new InvalidOperationException("The values have no source yet."),
        };
        if (SubjectBands.Suit(scalar))
        {
            var progress = new ProgressLog(log, $"subjects of {scalar.Name} read", scalar.Subjects);
            var spool = SubjectBands.Spool(file, scalar, plan.SpoolFolder ?? Path.GetDirectoryName(plan.Output)!, layout, progress, token);
            return (
                content with
                {
                    Source = (region, destination) => spool.Read(checked((int)(region.Origin[1] / layout.BlockElements)), destination),
                },
                spool
            );
        }
        var stripes = new StripeRegions(file, scalar, layout.ValueSize, new(log, $"elements of {scalar.Name} rewritten", scalar.Elements));
        return (content with { Source = stripes.Read }, stripes);
    }

    /// <summary>The narrowest floating-point type that represents every value of a type.</summary>
    private static ElementType Natural(StoredType type) =>
        type.IsSingle || (type.Kind is StoredKind.SignedInteger or StoredKind.UnsignedInteger && type.Size <= 2)
            ? ElementType.Float32
            : ElementType.Float64;
}
