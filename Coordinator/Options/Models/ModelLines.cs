using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>
/// The models of one command: repeated <c>--formula</c> and <c>--scalar</c> (every formula for every scalar), or the entries of
/// <c>models</c> in a spec file. Each becomes a command line of its own, which differs from the first in options of the model only.
/// </summary>
internal sealed partial class ModelLines
{
    private const string Formula = "--formula";
    private const string Scalar = "--scalar";
    private const string Analysis = "--analysis";
    private const string ScalarPlaceholder = "{scalar}";
    private const string NumberPlaceholder = "{n}";

    private IReadOnlyList<IReadOnlyList<string>> _all = [];

    /// <summary>Where the options of the first model came from.</summary>
    public OptionSources Sources { get; } = new();

    /// <summary>The command line of the first model; the others are kept for <see cref="Parse"/>.</summary>
    /// <param name="root">The root command.</param>
    /// <param name="args">The command line as typed.</param>
    /// <exception cref="HpcFitException">The models contradict each other, or their spec file cannot be used.</exception>
    public IReadOnlyList<string> Expand(RootCommand root, IReadOnlyList<string> args)
    {
        _all = [.. Split(root, args).SelectMany(line => SpecFile.Expand(root, line))];
        Sources.Add(root, args, "command line");
        Sources.Add(root, _all[0], "spec file");
        foreach (var defaults in DefaultsFile.All())
        {
            _all = [.. _all.Select(line => defaults.Expand(root, line))];
            Sources.Add(root, _all[0], defaults.Path);
        }
        if (_all.Count > 1 && _all.Select(line => string.Join('\0', line)).Distinct().Count() < _all.Count)
            throw new UsageException($"{Formula} or {Scalar} gives the same model twice. Give each once.");
        return _all[0];
    }

    /// <summary>The command lines of all models.</summary>
    /// <param name="first">That of the first model, parsed.</param>
    /// <exception cref="UsageException">One of the others is malformed; the message has the number of the model.</exception>
    public IReadOnlyList<ParseResult> Parse(ParseResult first)
    {
        var lines = new List<ParseResult> { first };
        foreach (var (index, args) in _all.Index().Skip(1))
        {
            var line = first.RootCommandResult.Command.Parse(args, CommandLineProgram.Parsing);
            if (line.Errors is [var error, ..])
                throw new UsageException($"Model {index + 1} of {_all.Count}: {error.Message}");
            lines.Add(line);
        }
        return lines;
    }

    /// <summary>The name of a model's results: <c>{n}</c> stands for its number, <c>{scalar}</c> for its <c>--scalar</c>.</summary>
    /// <param name="name">The name as given.</param>
    /// <param name="number">The model's number, from 1.</param>
    /// <param name="scalar">Its <c>--scalar</c>; null: none was given.</param>
    /// <exception cref="UsageException">Another placeholder, or no scalar for <c>{scalar}</c>.</exception>
    public static string NameFor(string name, int number, string? scalar)
    {
        if (Placeholder().Matches(name).FirstOrDefault(one => !HasPlaceholder(one.Value)) is { } unknown)
            throw new UsageException(
                $"{Analysis} is '{name}', and '{unknown.Value}' stands for nothing. "
                    + NearestNames.Hint(unknown.Value, [NumberPlaceholder, ScalarPlaceholder])
            );
        if (name.Contains(ScalarPlaceholder, StringComparison.Ordinal) && scalar is null)
            throw new UsageException($"{Analysis} is '{name}', and model {number} has no {Scalar}. Add it, or use {NumberPlaceholder}.");
        return name.Replace(NumberPlaceholder, number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace(ScalarPlaceholder, scalar, StringComparison.Ordinal);
    }

    /// <summary>Whether a name differs between models by itself.</summary>
    public static bool HasPlaceholder(string name) =>
        name.Contains(ScalarPlaceholder, StringComparison.Ordinal) || name.Contains(NumberPlaceholder, StringComparison.Ordinal);

    private static IEnumerable<IReadOnlyList<string>> Split(RootCommand root, IReadOnlyList<string> args)
    {
        var verb = root.Parse(args, CommandLineProgram.Parsing).CommandResult.Command;
        if (!verb.Options.Any(option => option.Name == Formula) || !verb.Options.Any(option => option.Name == Analysis))
            return [args];
        var rest = args.ToList();
        var (formulas, scalars, analyses) = (Take(rest, Formula), Take(rest, Scalar), Take(rest, Analysis));
        var models = (
            from formula in formulas.DefaultIfEmpty(null)
            from scalar in scalars.DefaultIfEmpty(null)
            select (Formula: ForScalar(formula, scalar, scalars.Count), Scalar: scalar)
        ).ToList();
        if (models.Count == 1 && analyses.Count <= 1 && models[0].Formula == formulas.FirstOrDefault())
            return [args];
        if (analyses.Count > 1 && analyses.Count != models.Count)
            throw new UsageException(
                $"{CountText.Format(analyses.Count, "name")} ({Analysis}) for {CountText.Format(models.Count, "model")}. Give one per "
                    + "model, in "
                    + $"the order of the models, or one with {NumberPlaceholder} or {ScalarPlaceholder} in it: {Analysis} "
                    + $"'lm_{ScalarPlaceholder}'."
            );
        return models.Select(
            (model, index) =>
                (IReadOnlyList<string>)
                    [
                        .. rest,
                        .. Typed(Formula, model.Formula),
                        .. Typed(Scalar, model.Scalar),
                        .. Typed(Analysis, analyses.Count > 1 ? analyses[index] : analyses.FirstOrDefault()),
                    ]
        );
    }

    private static string[] Typed(string option, string? value) => value is null ? [] : [$"{option}={value}"];

    /// <summary>Removes an option and returns the values that were typed for it.</summary>
    private static List<string> Take(List<string> args, string option)
    {
        var values = new List<string>();
        for (var i = 0; i < args.Count; )
        {
            if (args[i] == option && i + 1 < args.Count)
            {
                values.Add(args[i + 1]);
                args.RemoveRange(i, 2);
            }
            else if (args[i].StartsWith($"{option}=", StringComparison.Ordinal))
            {
                values.Add(args[i][(option.Length + 1)..]);
                args.RemoveAt(i);
            }
            else
            {
                i++;
            }
        }
        return values;
    }

    /// <summary>A formula without a left side gets the scalar there; <c>{scalar}</c> stands for the scalar anywhere.</summary>
    private static string? ForScalar(string? formula, string? scalar, int scalars)
    {
        if (formula is null || scalar is null)
            return formula;
        var name = SyntacticName().IsMatch(scalar) ? scalar : $"`{scalar}`";
        if (formula.Contains(ScalarPlaceholder, StringComparison.Ordinal))
            return formula.Replace(ScalarPlaceholder, name, StringComparison.Ordinal);
        if (formula.TrimStart().StartsWith('~'))
            return $"{name} {formula.TrimStart()}";
        return scalars == 1
            ? formula
            : throw new UsageException(
                $"{Formula} '{formula}' has a left side, and there are {scalars} scalars ({Scalar}). Omit the left side ('~ …'), or write "
                    + $"{ScalarPlaceholder} where the scalar belongs: 'log({ScalarPlaceholder}) ~ …'."
            );
    }

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^(?:[\p{L}]|\.(?![0-9]))[\p{L}\p{N}._]*$")]
    private static partial Regex SyntacticName();
}
