using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Gam.Terms;

/// <summary>Evaluates the named arguments of a smooth's call, which must be constants: <c>k=c(4, 5)</c>, <c>bs="cr"</c>,
/// <c>fx=TRUE</c>.</summary>
/// <param name="call">The call.</param>
/// <param name="text">The formula, for messages.</param>
internal sealed class SmoothOptions(SmoothCall call, string text)
{
    private static readonly string[] OfOne = ["k", "fx", "bs", "m", "by", "sp", "xt", "id", "pc"];
    private static readonly string[] OfTensor = ["k", "bs", "m", "d", "by", "fx", "np", "sp", "xt", "id", "pc"];
    private static readonly string[] OfInteraction = [.. OfTensor, "mc"];
    private static readonly string[] OfAlternative = ["k", "bs", "m", "d", "by", "sp", "xt", "full", "ord", "id", "pc"];

    /// <summary>Refuses arguments that the function does not have, or that this program does not support.</summary>
    /// <exception cref="FormulaException">The message lists the known arguments.</exception>
    public void RefuseUnknown()
    {
        var known = call.Function switch
        {
            "s" => OfOne,
            "te" => OfTensor,
            "ti" => OfInteraction,
            _ => OfAlternative,
        };
        foreach (var (name, value) in call.Options)
        {
            if (known.Contains(name, StringComparer.Ordinal))
                continue;
            throw Wrong($"{call.Function}() has no argument '{name}' here. {NearestNames.Hint(name, known)}", value);
        }
    }

    /// <summary>The expression of an argument; null if it is absent, <c>NA</c> or <c>NULL</c>.</summary>
    public Expression? Find(string name) =>
        call.Options.TryGetValue(name, out var value) && value is not NameExpression { Name: "NA" or "NULL" } ? value : null;

    /// <summary>Numbers, NaN for NA; null if the argument is absent.</summary>
    public double[]? Numbers(string name) => Find(name) is { } value ? Numbers(name, value) : null;

    /// <summary>
    /// One list of numbers per margin: <c>m=list(c(2, 0), 1)</c>, or a vector with one number each; null if the argument is absent.
    /// </summary>
    /// <param name="name">The argument.</param>
    /// <param name="margins">The number of margins.</param>
    public IReadOnlyList<double[]>? NumbersByMargin(string name, int margins)
    {
        if (Find(name) is not { } value)
            return null;
        var lists = value is CallExpression { IsOperator: false, Function: "list" } list
            ? list.Arguments.Select(item => item.Value is NameExpression { Name: "NA" } ? [double.NaN] : Numbers(name, item.Value)).ToList()
            : Numbers(name, value).Select(number => new[] { number }).ToList();
        return PerMargin(name, lists, margins);
    }

    /// <summary>Strings; null if the argument is absent.</summary>
    public string[]? Texts(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return Texts(name, value);
    }

    /// <summary>The one string of an expression.</summary>
    /// <exception cref="FormulaException">It is no string, or several.</exception>
    public string Text(string name, Expression value) =>
        Texts(name, value) is [var one] ? one : throw Wrong($"{name} of {call.Function}() must be one string.", value);

    /// <summary>A label, written as a number or a string; null if the argument is absent.</summary>
    public string? Label(string name) =>
        Find(name) switch
        {
            null => null,
            NameExpression or CallExpression => throw Wrong($"{name} of {call.Function}() must be a number or a string.", Find(name)!),
            TextExpression text => text.Value,
            var number => number.ToString(),
        };

    private string[] Texts(string name, Expression value)
    {
        if (value is NameExpression bare)
            throw Wrong($"{name} of {call.Function}() is a string: write {name}=\"{bare.Name}\".", value);
        var texts = Constant(value) is TextValue text ? text.Data.OfType<string>().ToArray() : [];
        return texts.Length > 0 ? texts : throw Wrong($"{name} of {call.Function}() must be a string: {name}=\"tp\".", value);
    }

    /// <summary>Logicals; null if the argument is absent.</summary>
    public bool[]? Flags(string name) => Numbers(name)?.Select(number => number != 0).ToArray();

    /// <summary>One logical; null if the argument is absent.</summary>
    public bool? Flag(string name) =>
        Flags(name) switch
        {
            null => null,
            [var one] => one,
            var several => throw Wrong($"{name} of {call.Function}() has {several.Length} values; one was expected.", Find(name)!),
        };

    /// <summary>One value per margin, a single one repeated.</summary>
    /// <exception cref="FormulaException">Their number is neither 1 nor that of the margins.</exception>
    public IReadOnlyList<T> PerMargin<T>(string name, IReadOnlyList<T> values, int margins)
    {
        if (values.Count == margins)
            return values;
        return values.Count == 1
            ? [.. Enumerable.Repeat(values[0], margins)]
            : throw Wrong(
                $"{name} of {call.Function}() has {values.Count} values; one, or one for each of the {margins} margins, were expected.",
                Find(name)!
            );
    }

    /// <summary>An error that marks an argument.</summary>
    public FormulaException Wrong(string problem, Expression where) => new(problem, text, where.Span);

    /// <summary>The numbers of an expression.</summary>
    /// <exception cref="FormulaException">It is something else.</exception>
    public double[] Numbers(string name, Expression value) =>
        Constant(value) is NumericValue { Columns: 1 } numbers
            ? numbers.Data
            : throw Wrong($"{name} of {call.Function}() must be numbers.", value);

    private Value Constant(Expression value) => new Evaluator(text, 1, _ => null, []).EvaluateConstant(value);
}
