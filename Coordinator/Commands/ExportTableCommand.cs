using System.CommandLine;
using HpcFit.Coordinator.Inspection;
using HpcFit.Coordinator.Writing;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit export-table FILE ANALYSIS</c>: prints an analysis as CSV or TSV.</summary>
internal static class ExportTableCommand
{
    private static readonly string[] Formats = ["csv", "tsv"];

    public static Command Create()
    {
        var file = TextOption.Argument("FILE", "the HDF5 file that holds the analysis");
        var analysis = TextOption.Argument("ANALYSIS", "its name under /results");
        var columns = ColumnsOption.Create(
            "these columns, in this order: element_id,Age.estimate,Age.p.value.fdr; may be repeated (default: all)"
        );
        var format = ChoiceOption.Optional("--format", "csv or tsv (default: by the extension of --output, else csv)", Formats);
        var output = TextOption.Optional("--output", TextOption.File, "the file to write (default: standard output)");
        var overwrite = SwitchOption.Create("--overwrite", "replace an existing file");
        var external = ExternalOption.Create();
        var command = new Command("export-table", "Print an analysis as a table, NA where there is no value")
        {
            file,
            analysis,
            columns,
            format,
            output,
            overwrite,
            external,
        };
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    var (path, target) = (line.GetRequiredValue(file), line.GetValue(output));
                    using var watch = MetadataTimeoutOption.Watch(line, token);
                    using var table = AnalysisColumns.Open(path, line.GetRequiredValue(analysis), line.GetValue(external));
                    var wanted = ColumnsOption.Parse(line.GetRequiredValue(columns)) ?? table.Summary.ColumnNames;
                    var separator =
                        (line.GetValue(format) ?? (target?.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) == true ? "tsv" : "csv"))
                        == "tsv"
                            ? '\t'
                            : ',';
                    if (target is null)
                    {
                        using var standard = Console.OpenStandardOutput();
                        AnalysisTable.Write(table, wanted, separator, standard, token);
                    }
                    else
                    {
                        WriteFile(target, line.GetValue(overwrite), stream => AnalysisTable.Write(table, wanted, separator, stream, token));
                    }
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    /// <summary>Writes a file that has a temporary name until it is complete.</summary>
    private static void WriteFile(string path, bool overwrite, Action<Stream> write)
    {
        if (File.Exists(path) && !overwrite)
            throw new BadInputException($"'{path}' exists. Choose another --output, or replace it with --overwrite.");
        WholeFile.Write(path, write, overwrite, overwrite ? temporary => FileOwnership.Copy(path, temporary) : null);
    }
}
