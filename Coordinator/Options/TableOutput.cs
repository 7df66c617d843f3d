using System.CommandLine;
using HpcFit.Coordinator.Writing;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Options;

/// <summary><c>--format</c>, <c>--output</c> and <c>--overwrite</c> of the verbs that print tables.</summary>
internal sealed class TableOutput
{
    private const string Parquet = "parquet";
    private static readonly string[] Formats = ["csv", "tsv", Parquet, "json"];

    private readonly Option<string?> _format;
    private readonly Option<string?> _output = TextOption.Optional(
        "--output",
        TextOption.File,
        "the file to write (default: standard output)"
    );
    private readonly Option<bool> _overwrite = SwitchOption.Create("--overwrite", "replace an existing file");

    /// <summary>Creates the options.</summary>
    /// <param name="otherwise">The format without <c>--format</c> and extension, as help states it.</param>
    public TableOutput(string otherwise) =>
        _format = ChoiceOption.Optional("--format", $"the format (default: by the extension of --output, else {otherwise})", Formats);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_format);
        command.Options.Add(_output);
        command.Options.Add(_overwrite);
    }

    /// <summary>The requested format, by name or by the extension of the output; null: neither is known.</summary>
    /// <exception cref="UsageException">Parquet would go to standard output.</exception>
    public string? Format(ParseResult line)
    {
        var target = line.GetValue(_output);
        var format =
            line.GetValue(_format)
            ?? Formats.FirstOrDefault(one => target?.EndsWith("." + one, StringComparison.OrdinalIgnoreCase) == true);
        return format != Parquet || target is not null
            ? format
            : throw new UsageException("--format parquet needs --output FILE: the format is binary.");
    }

    /// <summary>Refuses an existing output before anything is read.</summary>
    /// <exception cref="BadInputException">The file exists and is not to be replaced.</exception>
    public void RefuseExisting(ParseResult line)
    {
        if (line.GetValue(_output) is { } target && File.Exists(target) && !line.GetValue(_overwrite))
            throw new BadInputException($"'{target}' exists. Choose another --output, or replace it with --overwrite.");
    }

    /// <summary>Writes the output: standard output, or a file that has a temporary name until it is complete.</summary>
    public void Write(ParseResult line, Action<Stream> write)
    {
        if (line.GetValue(_output) is not { } target)
        {
            using var standard = Console.OpenStandardOutput();
            write(standard);
            return;
        }
        RefuseExisting(line);
        var overwrite = line.GetValue(_overwrite);
        WholeFile.Write(target, write, overwrite, overwrite ? temporary => FileOwnership.Copy(target, temporary) : null);
    }
}
