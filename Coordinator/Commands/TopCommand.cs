using System.CommandLine;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tables.Formats;
using HpcFit.Coordinator.Tables.Ranking;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit top FILE ANALYSIS</c>: the strongest elements of an analysis.</summary>
internal static class TopCommand
{
    /// <summary>The version of the JSON: docs/formats/tables.md.</summary>
    private const int JsonFormat = 1;

    private const int DefaultCount = 20;

    public static Command Create()
    {
        var file = TextOption.Argument("FILE", "the HDF5 file that holds the analysis");
        var analysis = TextOption.Argument("ANALYSIS", "its name under /results");
        var by = TextOption.Optional(
            "--by",
            TextOption.Name,
            "the column that ranks the elements (default: the first corrected p-value of a term other than the intercept)"
        );
        var count = CountOption.Create("--n", "how many elements are listed", DefaultCount);
        var below = NumberOption.Optional("--below", "only elements whose value is less; their number is printed");
        var above = NumberOption.Optional("--above", "only elements whose value is greater; their number is printed");
        var smallest = SwitchOption.Create("--smallest", "the smallest value first (the default for p-values)");
        var largest = SwitchOption.Create("--largest", "the largest value first");
        var absolute = SwitchOption.Create(
            "--absolute",
            "the largest magnitude first, to which --below and --above then apply (the default for other columns)"
        );
        var columns = ColumnsOption.Create("show these columns (default: element, position and the statistics of the term)");
        var json = JsonOption.Create();
        var output = new TableOutput("an aligned table with rounded numbers");
        var external = ExternalOption.Create();
        var command = new Command("top", "List the strongest elements of an analysis with their positions")
        {
            file,
            analysis,
            by,
            count,
            below,
            above,
            smallest,
            largest,
            absolute,
            columns,
            json,
        };
        output.AddTo(command);
        command.Options.Add(external);
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    var order = Order(line.GetValue(smallest), line.GetValue(largest), line.GetValue(absolute));
                    var format = line.GetValue(json) ? "json" : output.Format(line);
                    output.RefuseExisting(line);
                    using var watch = MetadataTimeoutOption.Watch(line, token);
                    using var table = ResultTable.Open(
                        line.GetRequiredValue(file),
                        line.GetRequiredValue(analysis),
                        line.GetValue(external)
                    );
                    var key = line.GetValue(by) is { } name ? Number(table.Find(name)) : TermColumns.ForRanking(table);
                    var ranking = new ElementRanking(
                        order ?? (StatisticName.FromColumn(key.Name).IsPValue ? RowOrder.Ascending : RowOrder.Magnitude),
                        line.GetValue(below),
                        line.GetValue(above)
                    );
                    var shown =
                        ColumnsOption.Parse(line.GetRequiredValue(columns))?.Select(table.Find).ToList() ?? TermColumns.Around(table, key);
                    var found = ranking.Rank(table, key, TermColumns.ForTies(table, key), line.GetValue(count), token);
                    var summary = new RankingSummary(line.GetRequiredValue(file), table, key, ranking, found, shown);
                    output.Write(
                        line,
                        stream =>
                            (format is null ? new AlignedTable() : TableFormats.Find(format, JsonFormat, summary.WriteTo)).Write(
                                new(shown, found.Rows, table.Rows),
                                shown,
                                stream,
                                token
                            )
                    );
                    foreach (var text in summary.Lines())
                        (format is null ? Console.Out : Console.Error).WriteLine(text);
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    private static RowOrder? Order(bool smallest, bool largest, bool absolute)
    {
        if ((smallest ? 1 : 0) + (largest ? 1 : 0) + (absolute ? 1 : 0) > 1)
            throw new UsageException("--smallest, --largest and --absolute exclude each other; give one of them.");
        return smallest ? RowOrder.Ascending
            : largest ? RowOrder.Descending
            : absolute ? RowOrder.Magnitude
            : null;
    }

    private static NumberColumn Number(TableColumn column) =>
        column as NumberColumn
        ?? throw new UsageException($"--by is '{column.Name}', a column of texts; a column of numbers was expected.");
}
