using System.CommandLine;
using HpcFit.Coordinator.Reporting;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Options.Runs;

/// <summary>What a report contains: the options of <c>report</c>, and of <c>run --report</c>.</summary>
internal sealed class ReportOptions
{
    private const double DefaultThreshold = 0.05;

    private readonly Option<double> _threshold = NumberOption.Create(
        "--alpha",
        "elements whose corrected p-value is less are findings",
        DefaultThreshold,
        value => value is > 0 and <= 1,
        "a number above 0 and at most 1"
    );
    private readonly Option<string?> _tables = TextOption.Optional(
        "--tables",
        TextOption.Folder,
        "write the peaks of each term as CSV into this folder"
    );

    private readonly Option<string?> _template = TextOption.Optional(
        "--template",
        TextOption.File,
        "a NIfTI image behind the maps (default: the mask)"
    );
    private readonly Option<string?> _surface = TextOption.Optional(
        StructureSurfaces.Option,
        StructureSurfaces.Placeholder,
        "GIfTI surfaces on which greyordinates are drawn",
        text => StructureSurfaces.Parse(text)
    );
    private readonly Option<bool> _subjects = SwitchOption.Create(
        "--with-subject-values",
        "show the values of single subjects at the peaks: personal data in the page"
    );
    private readonly Option<string[]> _maps = ColumnsOption.Create(
        "map these columns (default: statistics of up to three terms, and the statuses)",
        "--maps"
    );

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_threshold);
        command.Options.Add(_tables);
        command.Options.Add(_template);
        command.Options.Add(_surface);
        command.Options.Add(_subjects);
        command.Options.Add(_maps);
    }

    /// <summary>The requested report, next to the file unless it is placed elsewhere.</summary>
    public ReportRequest Read(ParseResult line, string file, IReadOnlyList<string> analyses) =>
        new(file, analyses, DefaultPath(file, analyses))
        {
            Threshold = line.GetValue(_threshold),
            Tables = line.GetValue(_tables),
            Template = line.GetValue(_template),
            Surfaces = StructureSurfaces.Parse(line.GetValue(_surface)),
            WithSubjectValues = line.GetValue(_subjects),
            Maps = ColumnsOption.Parse(line.GetValue(_maps) ?? []),
        };

    /// <summary>Where a report is written unless it is placed elsewhere: named after its first analysis.</summary>
    public static string DefaultPath(string file, IReadOnlyList<string> analyses) =>
        Path.Combine(Path.GetDirectoryName(file) ?? "", $"{analyses[0]}.html");

    /// <summary>What the user is told about a report that was written.</summary>
    public static string Line(string path, long bytes) => $"report     {path} ({bytes / 1e6:F1} MB); open it in a browser";
}
