using System.Globalization;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Functions that create and change factors.</summary>
internal sealed partial class Evaluator
{
    private FactorValue Factor(Expression expression) =>
        Any(expression) as FactorValue ?? throw Wrong($"{expression} is not a factor; write factor({expression}).", expression);

    private FactorValue MakeFactor(CallExpression call)
    {
        var arguments =
            call.Function == "ordered"
                ? CallArguments.Match(call, text, "x", "levels", "labels")
                : CallArguments.Match(call, text, "x", "levels", "labels", "exclude", "ordered");
        var x = Repeat(Any(Required(arguments, "x")), call);
        var isOrdered =
            call.Function == "ordered"
            || (arguments.Find("ordered") is { } flag ? Flag(flag, false) : x is FactorValue { IsOrdered: true });
        var factor =
            arguments.Find("levels") is { } levels ? Factors.FromTexts(Factors.Texts(x), Distinct(levels))
            : x is FactorValue given ? Factors.DropUnused(given, Enumerable.Range(0, given.Rows))
            : Factors.From(x);
        if (arguments.Find("exclude") is { } excluded)
            factor = Without(factor, excluded);
        if (arguments.Find("labels") is { } written)
            factor = Relabelled(factor, Texts(written), written);
        return factor with { IsOrdered = isOrdered, Contrast = null };
    }

    private List<string> Distinct(Expression levels)
    {
        var texts = Texts(levels).OfType<string>().ToList();
        return texts.Distinct().Count() == texts.Count ? texts : throw Wrong($"{levels} names a level twice.", levels);
    }

    /// <summary>The factor without some levels, whose rows become missing.</summary>
    private FactorValue Without(FactorValue factor, Expression excluded)
    {
        if (excluded is NameExpression { Name: "NA" })
            return factor;
        if (excluded is NameExpression { Name: "NULL" })
            throw Wrong(
                "exclude = NULL would make a level of missing values, which is not supported here; subjects with missing values are "
                    + "dropped.",
                excluded
            );
        var texts = Texts(excluded).ToHashSet();
        return Factors.FromTexts(Factors.Texts(factor), [.. factor.Levels.Where(level => !texts.Contains(level))]);
    }

    private FactorValue Relabelled(FactorValue factor, string?[] labels, Expression where)
    {
        if (labels.Length == 1 && factor.Levels.Count > 1)
            labels =
            [
                .. Enumerable.Range(1, factor.Levels.Count).Select(number => labels[0] + number.ToString(CultureInfo.InvariantCulture)),
            ];
        if (labels.Length != factor.Levels.Count)
            throw Wrong($"{where} has {labels.Length} labels for {factor.Levels.Count} levels.", where);
        var unique = labels.Select(label => label ?? "NA").Distinct().ToList();
        return factor with
        {
            Codes = [.. factor.Codes.Select(code => code < 0 ? -1 : unique.IndexOf(labels[code] ?? "NA"))],
            Levels = unique,
        };
    }

    private FactorValue Relevel(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "ref");
        var (factor, written) = (Factor(Required(arguments, "x")), Required(arguments, "ref"));
        if (factor.IsOrdered)
            throw Wrong("relevel() is for factors that are not ordered.", call);
        if (Any(written).Rows != 1)
            throw Wrong($"{written} must be one level.", written);
        var reference = Any(written) is NumericValue number
            ? (int)number.Data[0] - 1
            : factor.Levels.ToList().IndexOf(Texts(written)[0] ?? "");
        if (reference < 0 || reference >= factor.Levels.Count)
            throw Wrong($"{written} is not a level. {NearestNames.Hint(Texts(written)[0] ?? "", factor.Levels)}", written);
        var order = Enumerable.Range(0, factor.Levels.Count).OrderBy(level => level != reference).ToList();
        return factor with
        {
            Codes = [.. factor.Codes.Select(code => code < 0 ? -1 : order.IndexOf(code))],
            Levels = [.. order.Select(level => factor.Levels[level])],
            Contrast = null,
        };
    }

    private FactorValue WithContrast(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "object", "contr", "how.many", "base", "scores");
        var value = Any(Required(arguments, "object"));
        var factor =
            value as FactorValue
            ?? (
                value is NumericValue { IsLogical: true }
                    ? Factors.From(value)
                    : throw Wrong($"{arguments.Find("object")} is not a factor; write C(factor(…), …).", call)
            );
        var contrast = arguments.Find("contr") is { } written
            ? NamedContrast(written)
            : new(factor.IsOrdered ? ContrastKind.Poly : ContrastKind.Treatment);
        if (arguments.Find("how.many") is { } many)
        {
            contrast = contrast with { HowMany = Whole(many, 1, 1), IsNumbered = true };
            if (contrast.HowMany >= factor.Levels.Count)
                throw Wrong(
                    $"{factor.Levels.Count} levels have {factor.Levels.Count - 1} contrasts; how.many is {contrast.HowMany}.",
                    many
                );
        }
        if (arguments.Find("base") is { } @base)
        {
            if (contrast is not { Kind: ContrastKind.Treatment, Base: 0 })
                throw Wrong("base is an argument of contr.treatment only.", @base);
            contrast = contrast with { Base = Whole(@base, 1, 1) - 1, IsNumbered = true };
        }
        if (arguments.Find("scores") is { } scores)
        {
            if (contrast.Kind != ContrastKind.Poly)
                throw Wrong("scores is an argument of contr.poly only.", scores);
            contrast = contrast with { Scores = Numbers(scores) };
        }
        if (contrast.Base >= factor.Levels.Count)
            throw Wrong($"There are only {factor.Levels.Count} levels.", call);
        if (contrast.Scores is { } given && given.Count != factor.Levels.Count)
            throw Wrong($"There are {given.Count} scores for {factor.Levels.Count} levels.", call);
        return factor with { Contrast = contrast };
    }

    /// <summary>
    /// As in R, the function <c>contr.treatment</c> numbers its columns; its name as a string, <c>"contr.treatment"</c>, or
    /// <c>treatment</c> names them by the levels.
    /// </summary>
    private Contrast NamedContrast(Expression written)
    {
        var name = written switch
        {
            NameExpression bare => bare.Name,
            TextExpression quoted => quoted.Value,
            _ => written.ToString(),
        };
        var contrast = Contrast.Named(name) ?? throw Wrong($"{name} is not a contrast. {NearestNames.Hint(name, Contrast.Names)}", written);
        return contrast with { IsNumbered = written is NameExpression && name.StartsWith("contr.", StringComparison.Ordinal) };
    }

    private FactorValue Interaction(CallExpression call)
    {
        string[] options = ["drop", "sep", "lex.order"];
        Expression? Option(string name) => call.Arguments.FirstOrDefault(argument => argument.Name == name)?.Value;
        // Names after R's dots must not be abbreviated: R would cross the factors with the constant.
        if (
            call.Arguments.FirstOrDefault(argument =>
                argument.Name is { } name
                && !options.Contains(name)
                && options.Any(option => option.StartsWith(name, StringComparison.Ordinal))
            ) is
            { } abbreviated
        )
            throw Wrong(
                $"interaction() has no argument '{abbreviated.Name}'. Write {string.Join(", ", options)} in full.",
                abbreviated.Value
            );
        var factors = call
            .Arguments.Where(argument => argument.Name is null || !options.Contains(argument.Name))
            .Select(argument => Factors.From(Repeat(Any(argument.Value), argument.Value)))
            .ToList();
        if (factors.Count == 0)
            throw Wrong("interaction() needs a factor.", call);
        var separator = Option("sep") is { } written
            ? Texts(written) is [{ } one]
                ? one
                : throw Wrong($"{written} must be one string.", written)
            : ".";
        var isLexical = Flag(Option("lex.order"), false);
        var crossed = factors.Aggregate((left, right) => Crossed(left, right, separator, isLexical));
        if (crossed.Levels.GroupBy(level => level, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw Wrong($"{call} has {twice.Count()} different levels named '{twice.Key}'. Choose another sep.", call);
        crossed = crossed with { Contrast = null, IsOrdered = false };
        return Flag(Option("drop"), false) ? Factors.DropUnused(crossed, Enumerable.Range(0, crossed.Rows)) : crossed;
    }

    /// <summary>All pairs of levels: the left factor's varying fastest, or in lexical order the right factor's.</summary>
    private static FactorValue Crossed(FactorValue left, FactorValue right, string separator, bool isLexical)
    {
        int Code(int a, int b) =>
            a < 0 || b < 0 ? -1
            : isLexical ? (a * right.Levels.Count) + b
            : (b * left.Levels.Count) + a;
        var levels = new string[left.Levels.Count * right.Levels.Count];
        for (var a = 0; a < left.Levels.Count; a++)
        for (var b = 0; b < right.Levels.Count; b++)
            levels[Code(a, b)] = left.Levels[a] + separator + right.Levels[b];
        return new([.. left.Codes.Zip(right.Codes, Code)], levels);
    }
}
