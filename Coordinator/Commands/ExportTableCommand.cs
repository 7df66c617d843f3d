using System.CommandLine;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tables.Formats;
using HpcFit.Coordinator.Tables.Queries;
using HpcFit.Coordinator.Tables.Ranking;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit export-table FILE ANALYSIS</c>: an analysis, or a part of it, as CSV, TSV, Parquet or JSON.</summary>
internal static class ExportTableCommand
{
    /// <summary>The version of the JSON: docs/formats/tables.md.</summary>
    private const int JsonFormat = 1;

    public static Command Create()
    {
        var file = TextOption.Argument("FILE", "the HDF5 file that holds the analysis");
        var analysis = TextOption.Argument("ANALYSIS", "its name under /results");
        var columns = ColumnsOption.Create(
            "these columns, in this order: element_id,Age.estimate,Age.p.value.fdr; may be repeated (default: all)"
        );
        var where = TextOption.Optional(
            "--where",
            "EXPRESSION",
            "only elements for which it is true: 'abs(Age.estimate) > 0.1 & sexM.estimate > 0'"
        );
        var sort = TextOption.Optional(
            "--sort",
            "EXPRESSION",
            "sort by a column, or by an expression such as 'abs(Age.statistic)'; ties in the order of the elements, NA last"
        );
        var descending = SwitchOption.Create("--descending", "the largest value of --sort first");
        var statuses = SwitchOption.Create("--statuses", "add the columns element_status (a code) and status (its name)");
        var positions = SwitchOption.Create("--positions", "add the columns that locate the elements, such as i, j, k, x_mm, y_mm, z_mm");
        var output = new TableOutput("csv");
        var external = ExternalOption.Create();
        var command = new Command("export-table", "Print an analysis as a table, NA where there is no value")
        {
            file,
            analysis,
            columns,
            where,
            sort,
            descending,
            statuses,
            positions,
        };
        output.AddTo(command);
        command.Options.Add(external);
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    if (line.GetValue(descending) && line.GetValue(sort) is null)
                        throw new UsageException("--descending needs --sort: without it, rows have the order of the elements.");
                    var format = output.Format(line);
                    output.RefuseExisting(line);
                    using var watch = MetadataTimeoutOption.Watch(line, token);
                    using var table = ResultTable.Open(
                        line.GetRequiredValue(file),
                        line.GetRequiredValue(analysis),
                        line.GetValue(external)
                    );
                    IReadOnlyList<TableColumn> wanted =
                    [
                        .. ColumnsOption.Parse(line.GetRequiredValue(columns))?.Select(table.Find) ?? table.Results,
                        .. line.GetValue(positions) ? Positions(table) : [],
                        .. line.GetValue(statuses)
                            ? [table.Find(ResultTable.StatusCode), table.Find(ResultTable.StatusName)]
                            : Array.Empty<TableColumn>(),
                    ];
                    var query = new RowQuery
                    {
                        Where = line.GetValue(where),
                        Sort = line.GetValue(sort),
                        Order = line.GetValue(descending) ? RowOrder.Descending : RowOrder.Ascending,
                    };
                    var rows = new TableBatches(wanted, query.Execute(table, token), table.Rows);
                    var extrapolated = table.Extrapolated(wanted);
                    output.Write(
                        line,
                        stream => Writer(format, table, line.GetRequiredValue(file), extrapolated).Write(rows, wanted, stream, token)
                    );
                    foreach (var note in extrapolated.Select(one => one.Note).OfType<string>())
                        Console.Error.WriteLine("WRN " + note);
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    private static ITableFormat Writer(string? format, ResultTable table, string file, IReadOnlyList<ExtrapolatedP> extrapolated) =>
        TableFormats.Find(
            format ?? "csv",
            JsonFormat,
            json =>
            {
                json.WriteString("file", file);
                json.WriteString("analysis", table.Analysis);
                ExtrapolatedP.WriteTo(json, extrapolated);
            }
        );

    private static IReadOnlyList<TableColumn> Positions(ResultTable table)
    {
        if (table.Positions.Problem is { } problem)
            Console.Error.WriteLine("WRN " + problem);
        return table.Positions.Columns;
    }
}
