using System.CommandLine;
using System.Globalization;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Commands;

/// <summary>What only <c>--model custom</c> has: the user's function and how it is called.</summary>
internal sealed class CustomOptions : IEngineOptions
{
    private readonly Option<string?> _function = new("--function") { Description = "custom, the file with the function of one element's data: .R, .py, .csx or .dll" };
    private readonly Option<string?> _name = new("--function-name") { Description = "custom, which of the file's functions (default, R: the last one; Python: fit; C#: Fit)" };
    private readonly Option<string?> _arguments = new("--function-args") { Description = "custom, further arguments, in the function's language: 'k=4, method=\"x\"'" };
    private readonly Option<string?> _scalars = ListOption.Create("--scalars", "custom, the scalars that become columns of the data: a,b (default: all)");
    private readonly Option<long> _seed = new("--seed") { Description = "custom, what random numbers start from, with the element's id (default: 1)", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _writeScalar = new("--write-scalar") { Description = "custom, the new scalar that values named by source_file make" };
    private readonly Option<string> _timeout = new("--element-timeout")
    {
        Description = "custom, how long one element may take: 500ms, 60s, 5m, 2h (default: 60s)",
        DefaultValueFactory = _ => $"{CustomSpec.DefaultElementTimeout:F0}s",
    };
    private readonly Option<string?> _memory = new("--function-memory") { Description = "custom, how much data the function may hold: 500M, 4G (default: what the machine has)" };

    public string Engine => "custom";

    public bool NeedsFormula => false;

    public IReadOnlyList<Option> Options => [_function, _name, _arguments, _scalars, _seed, _writeScalar, _timeout, _memory];

    public ModelSpec Apply(ModelSpec model, ParseResult line)
    {
        if (model.Formula.Length > 0) throw new UsageException("--formula belongs to --model lm and gam; a custom model's function gets the data as they are. Leave it out.");
        var custom = Read(line);
        return custom.Function.Length > 0 ? model with { Custom = custom } : throw new UsageException($"{_function.Name} is missing: --model custom calls one at every element.");
    }

    /// <summary>What was typed; the function's path is empty when there was none.</summary>
    public CustomSpec Read(ParseResult line) => new()
    {
        Function = line.GetValue(_function) is { } function ? Path.GetFullPath(function) : "",
        FunctionName = line.GetValue(_name),
        FunctionArgs = line.GetValue(_arguments) ?? "",
        Scalars = ListOption.Parse(line.GetValue(_scalars)),
        Seed = Seed(line),
        WriteScalar = line.GetValue(_writeScalar),
        ElementTimeoutSeconds = Timeout(line.GetValue(_timeout)!),
        FunctionMemoryBytes = line.GetValue(_memory) is { } memory ? Bytes(memory) : null,
    };

    private long Seed(ParseResult line) => line.GetValue(_seed) is >= 0 and < int.MaxValue and var seed
        ? seed
        : throw new UsageException($"{_seed.Name} is {line.GetValue(_seed)}; a whole number from 0 to {int.MaxValue - 1} was expected.");

    private double Timeout(string text)
    {
        var (number, unit) = Split(text);
        double? seconds = unit switch { "ms" => number / 1e3, "s" or "" => number, "m" => number * 60, "h" => number * 3600, _ => null };
        return seconds is > 0 and <= 1e6 ? seconds.Value : throw new UsageException($"{_timeout.Name} is '{text}'; a time such as 500ms, 60s, 5m or 2h was expected.");
    }

    private long Bytes(string text)
    {
        var (number, unit) = Split(text);
        double? bytes = unit switch { "M" or "MB" => number * (1 << 20), "G" or "GB" => number * (1 << 30), _ => null };
        return bytes is >= 1 << 20 ? (long)bytes : throw new UsageException($"{_memory.Name} is '{text}'; an amount such as 500M or 4G was expected.");
    }

    private static (double? Number, string Unit) Split(string text)
    {
        var digits = text.TakeWhile(ch => char.IsAsciiDigit(ch) || ch == '.').Count();
        return double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? (number, text[digits..].Trim()) : (null, "");
    }
}
