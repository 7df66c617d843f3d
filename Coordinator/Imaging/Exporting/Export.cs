using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tables.Queries;
using HpcFit.Coordinator.Writing.Chunks;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Imaging.Images;
using HpcFit.Shared.ModelArray;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>Converts an analysis, or one subject of a scalar, to maps. Memory use is one column per thread.</summary>
internal sealed class Export(ILogger log)
{
    /// <summary>Exports the maps.</summary>
    /// <exception cref="BadInputException">An input or option cannot be used; no map was made.</exception>
    public void Execute(ExportPlan plan, CancellationToken token)
    {
        if (plan.Analysis is null == plan.Scalar is null)
            throw new UsageException("Give either --analysis, for maps of its results, or --scalar, for one subject of a scalar.");
        if (plan.Analysis is not null && (plan.ColumnIndex is not null || plan.SourceFile is not null))
            throw new UsageException("--column-index and --source-file belong to --scalar; an analysis has --columns.");
        if (plan.Scalar is not null && plan.Threshold is not null)
            throw new UsageException("--threshold belongs to --analysis: it is a condition on its columns.");
        if (plan.Scalar is not null && plan.Names != MapNames.ModelArray)
            throw new UsageException("--names belongs to --analysis: it names the maps of hypotheses.");
        if (plan.Scalar is not null && plan.Columns is not null)
            throw new UsageException("--columns belongs to --analysis; for a scalar, select one subject with --column-index.");
        var template = MapTemplates.From(plan);
        if (plan.Analysis is { } analysis)
            ExportAnalysis(plan, analysis, template, token);
        else
            ExportScalar(plan, plan.Scalar!, template);
    }

    private void ExportAnalysis(ExportPlan plan, string name, MapTemplate template, CancellationToken token)
    {
        using var analysis = AnalysisColumns.Open(plan.Data, name, plan.AllowExternal);
        var whose = $"'{template.Image.Path}'";
        RequireSameElements(plan, template);
        ComparePlaces(plan, template);
        var places = RowPlaces.Read(analysis, template.Grid.Count, whose);
        var record = analysis.ReadRecord();
        var names = analysis.Summary.ColumnNames;
        var statuses = Statuses(plan, analysis);
        var isShown = plan.Threshold is { } condition ? Shown(plan, name, condition, token) : null;
        var columns = plan.Columns is null
            ? Enumerable.Range(0, names.Count)
            : plan.Columns.Where(column => column != ElementStatuses.Name || names.Contains(column)).Select(analysis.IndexOf);
        var maps = MapNaming.Maps(plan.Names, names, columns, $"The analysis '{name}' of '{plan.Data}'");
        var files = Files(
            plan,
            template,
            [
                .. maps.Select(map => map.Name)
                    .Concat(statuses is null ? [] : [ElementStatuses.Name])
                    .Select(map => $"{OutputFiles.SafeName(name)}_{map}"),
            ]
        );
        if (!analysis.HasNames)
            log.ColumnsWithoutNames(name);
        var extrapolated = maps.Select(map => map.Column)
            .Distinct()
            .ToDictionary(column => column, column => ExtrapolatedP.Find(record, names[column]) is { Note: not null } p ? p : null);
        foreach (var p in extrapolated.Values.OfType<ExtrapolatedP>())
            log.Extrapolated(p.Note!);
        if (places.Length < template.Grid.Count)
            log.SubsetExported(name, places.Length, template.Grid.Count);

        Companions.CopyAll(plan, template.Companions);
        var progress = new ProgressLog(log, "maps written", files.Length);
        if (statuses is not null)
        {
            var values = new double[template.Grid.Count];
            Place(statuses, places, values, ElementStatuses.Background);
            Write(ElementStatuses.Name, ElementStatuses.Description, values, ElementStatuses.Type, ElementStatuses.Background, files[^1]);
        }
        ParallelWork.Run(
            maps.Count,
            plan.Threads,
            _ => (Rows: new double[places.Length], Elements: new double[template.Grid.Count]),
            (own, number) =>
            {
                var map = maps[number];
                lock (analysis)
                    analysis.Read(map.Column, 0, own.Rows);
                map.Apply(own.Rows);
                var background = map.BackgroundOf(plan.Background);
                if (names[map.Column] != ResultTable.ElementId)
                    Hide(own.Rows, isShown, background);
                Place(own.Rows, places, own.Elements, isShown is null ? double.NaN : background);
                if (Singles.CountBeyond(own.Elements) is > 0 and var beyond)
                    log.BeyondSingles(files[number], beyond);
                // First, because the end of a long description is cut.
                var what =
                    (extrapolated[map.Column] is { } p ? $"extrapolated {map.ExtrapolatedValues(p)}: " : "")
                    + map.Describe(names[map.Column])
                    + (isShown is null ? "" : $" where {plan.Threshold}");
                Write(map.Name, what, own.Elements, SampleType.Float32, background, files[number]);
            },
            token
        );
        log.MapsWritten(files.Length, plan.OutputFolder);

        void Write(string map, string what, double[] values, SampleType type, double background, string file)
        {
            var label = MapLabel.OfAnalysis(map, what, name, record, type);
            MapFile.Write(file, template.Head(label), template.Samples(values, type, background), plan.Compress && template.CanCompress);
            progress.Step();
        }
    }

    /// <summary>The codes of the rows, if they are to be exported and the file has them.</summary>
    private static double[]? Statuses(ExportPlan plan, AnalysisColumns analysis)
    {
        if (plan.Columns?.Contains(ElementStatuses.Name) == false || analysis.Summary.ColumnNames.Contains(ElementStatuses.Name))
            return null;
        var statuses = analysis.ReadStatuses();
        return statuses is not null || plan.Columns is null
            ? statuses
            : throw new BadInputException(
                $"The analysis '{analysis.Summary.Name}' of '{plan.Data}' has no '{ElementStatuses.Name}': another program wrote it."
            );
    }

    /// <summary>Whether each row meets a condition.</summary>
    private bool[] Shown(ExportPlan plan, string name, string condition, CancellationToken token)
    {
        using var table = ResultTable.Open(plan.Data, name, plan.AllowExternal);
        var isShown = new bool[table.Rows];
        var rows = new RowQuery { Where = condition }.Execute(table, token)!;
        foreach (var row in rows)
            isShown[row] = true;
        if (rows.Length == 0)
            log.NothingShown(condition, isShown.Length);
        else
            log.Thresholded(condition, rows.Length, isShown.Length);
        return isShown;
    }

    private static void Hide(double[] rows, bool[]? isShown, double background)
    {
        if (isShown is null)
            return;
        for (var row = 0; row < rows.Length; row++)
        {
            if (!isShown[row])
                rows[row] = background;
        }
    }

    /// <summary>Rows at their elements.</summary>
    private static void Place(double[] rows, int[] places, double[] elements, double elsewhere)
    {
        Array.Fill(elements, elsewhere);
        for (var row = 0; row < places.Length; row++)
            elements[places[row]] = rows[row];
    }

    /// <summary>
    /// Ids of a subset would also fit into a larger image, at the wrong positions: if the file has scalars, their number of elements is
    /// compared.
    /// </summary>
    private static void RequireSameElements(ExportPlan plan, MapTemplate template)
    {
        using (var opened = Hdf5ReadFile.Open(plan.Data))
        {
            if (opened.Kind("/scalars") != Hdf5NodeKind.Group)
                return;
        }
        var scalars = ModelArrayFile.Open(plan.Data, plan.AllowExternal).Scalars.Where(scalar => scalar.Problem is null).ToList();
        if (scalars.Count == 0 || scalars.Any(scalar => scalar.Elements == template.Grid.Count))
            return;
        throw new BadInputException(
            $"The scalar '{scalars[0].Name}' of '{plan.Data}' has {scalars[0].Elements:N0} elements; '{template.Image.Path}' has "
                + $"{template.Grid.Count:N0}. It does not belong to these data."
        );
    }

    private void ComparePlaces(ExportPlan plan, MapTemplate template)
    {
        using var data = Hdf5ReadFile.Open(plan.Data);
        RefuseForeignTables(data, plan);
        foreach (var left in template.Places.Compare(data))
            log.NotCompared(left);
    }

    /// <summary>Tables that are links to other locations are treated like values: read only if allowed.</summary>
    private static void RefuseForeignTables(Hdf5ReadFile data, ExportPlan plan)
    {
        if (
            ElementTable
                .ReadAll(data, plan.AllowExternal)
                .FirstOrDefault(table => table.Problem is not null && ElementTable.Places.Contains(table.Name)) is
            { } foreign
        )
            throw new BadInputException(
                $"The table '{foreign.Name}' of '{plan.Data}' cannot be compared with the images: {foreign.Problem}"
            );
    }

    private void ExportScalar(ExportPlan plan, string name, MapTemplate template)
    {
        var file = ModelArrayFile.Open(plan.Data, plan.AllowExternal);
        var scalar = file.Scalar(name);
        var subject = ScalarRow.Subject(plan, scalar);
        if (scalar.Elements != template.Grid.Count)
            throw new BadInputException(
                $"The scalar '{name}' of '{plan.Data}' has {scalar.Elements:N0} elements; '{template.Image.Path}' has "
                    + $"{template.Grid.Count:N0}. It does not belong to these data."
            );
        ComparePlaces(plan, template);
        var path = Files(plan, template, [$"{OutputFiles.SafeName(name)}_{subject}"])[0];
        Companions.CopyAll(plan, template.Companions);
        var label = MapLabel.OfScalar($"{OutputFiles.SafeName(name)}_{subject}", $"{name} of {scalar.SourceNames[subject]}");
        var background =
            plan.Background == Background.NaN ? double.NaN
            : plan.Background == Background.One ? 1
            : 0;
        var samples = template.Samples(ScalarRow.Read(file, scalar, subject), background: background);
        MapFile.Write(path, template.Head(label), samples, plan.Compress && template.CanCompress);
        log.ScalarMapWritten(path, name, subject, scalar.SourceNames[subject]);
    }

    private static string[] Files(ExportPlan plan, MapTemplate template, IReadOnlyList<string> names)
    {
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException(
                $"Two results would both have the map name '{twice.Key}', because blanks and slashes become '_'. Export them separately "
                    + "with --columns."
            );
        var ending = template.Ending + (plan.Compress && template.CanCompress ? ".gz" : "");
        string[] files = [.. names.Select(name => Path.Combine(plan.OutputFolder, name + ending))];
        Companions.Check(plan, template.Companions);
        if (!plan.Overwrite && files.FirstOrDefault(File.Exists) is { } there)
            throw new BadInputException($"'{there}' exists. Choose another --output-dir, or replace the maps with --overwrite.");
        try
        {
            Directory.CreateDirectory(plan.OutputFolder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The folder '{plan.OutputFolder}' cannot be created: {failure.Message}", failure);
        }
        return files;
    }
}
