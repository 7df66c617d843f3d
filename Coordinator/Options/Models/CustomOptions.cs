using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>The options of <c>--model custom</c> only: the user's function and how it is called.</summary>
internal sealed class CustomOptions : IEngineOptions
{
    /// <summary>The option of the seed of a custom model's random numbers, which other programs have for permutations.</summary>
    public const string SeedName = "--seed";

    private readonly Option<string?> _function = TextOption.Optional(
        "--function",
        TextOption.File,
        "custom: the file with the function that is called with each element's data: .R, .py, .csx or .dll"
    );
    private readonly Option<string?> _name = TextOption.Optional(
        "--function-name",
        TextOption.Name,
        "custom: the name of the function in the file (default, R: the last one; Python: fit; C#: Fit)"
    );
    private readonly Option<string?> _arguments = new("--function-args")
    {
        Description = "custom: additional arguments, in the function's language: 'k=4, method=\"x\"'",
        HelpName = "ARGUMENTS",
    };
    private readonly Option<string?> _scalars = ListOption.Create(
        "--scalars",
        "custom: the scalars that become columns of the data: a,b (default: all)"
    );
    private readonly Option<int> _seed = CountOption.Create(
        SeedName,
        "custom: the seed of random numbers, combined with the element's id",
        1,
        min: 0,
        max: int.MaxValue - 1
    );
    private readonly Option<string?> _writeScalar = TextOption.Optional(
        "--write-scalar",
        TextOption.Name,
        "custom: store values that are named by source_file as a new scalar with this name",
        text => ResultName.Refuse("--write-scalar", text)
    );
    private readonly Option<string?> _timeout = TextOption.Optional(
        "--element-timeout",
        "TIME",
        $"custom: time limit per element: 500ms, 60s, 5m, 2h (default: {CustomSpec.DefaultElementTimeout:F0}s)",
        text => Timeout(text)
    );
    private readonly Option<string?> _memory = TextOption.Optional(
        "--function-memory",
        "SIZE",
        "custom: memory limit of the function's process: 500M, 4G (default: the machine's memory)",
        text => Bytes(text)
    );

    public string Engine => "custom";

    public bool NeedsFormula => false;

    public IReadOnlyList<Option> Options => [_function, _name, _arguments, _scalars, _seed, _writeScalar, _timeout, _memory];

    public ModelSpec Apply(ModelSpec model, ParseResult line)
    {
        if (model.Formula.Length > 0)
            throw new UsageException(
                "--formula belongs to --model lm and gam; the function of a custom model gets the data unchanged. Omit it."
            );
        var custom = Read(line);
        return custom.Function.Length > 0
            ? model with
            {
                Custom = custom,
            }
            : throw new UsageException($"{_function.Name} is missing: --model custom needs a function to call at every element.");
    }

    /// <summary>The values of the options; the function's path is empty if the option is absent.</summary>
    public CustomSpec Read(ParseResult line) =>
        new()
        {
            Function = line.GetValue(_function) is { } function ? Path.GetFullPath(function) : "",
            FunctionName = line.GetValue(_name),
            FunctionArgs = line.GetValue(_arguments) ?? "",
            Scalars = ListOption.Parse(line.GetValue(_scalars)),
            Seed = line.GetValue(_seed),
            WriteScalar = line.GetValue(_writeScalar),
            ElementTimeoutSeconds = line.GetValue(_timeout) is { } timeout ? Timeout(timeout) : CustomSpec.DefaultElementTimeout,
            FunctionMemoryBytes = line.GetValue(_memory) is { } memory ? Bytes(memory) : null,
        };

    private static double Timeout(string text)
    {
        var unit = text.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
        var number = TypedNumber.Real(text[..^unit.Length]);
        double? seconds = unit switch
        {
            "ms" => number / 1e3,
            "s" or "" => number,
            "m" => number * 60,
            "h" => number * 3600,
            _ => null,
        };
        return seconds is > 0 and <= 1e6
            ? seconds.Value
            : throw new UsageException($"--element-timeout is '{text}'; a time such as 500ms, 60s, 5m or 2h was expected.");
    }

    private static long Bytes(string text) =>
        ByteCountText.Parse("--function-memory", text) is >= 1 << 20 and var bytes
            ? bytes
            : throw new UsageException($"--function-memory is '{text}'; 1M or more was expected.");
}
