using System.Text;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Functions of strings. Numbers and factors are converted as as.character() does.</summary>
internal sealed partial class Evaluator
{
    private NumericValue CharacterCounts(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "type", "allowNA", "keepNA");
        foreach (var other in new[] { "allowNA", "keepNA" })
        {
            if (arguments.Find(other) is { } given)
                throw Wrong($"nchar() supports x and type here, not '{other}'.", given);
        }
        if (arguments.Find("type") is { } type && Texts(type) is not ["chars" or "char" or "cha" or "ch" or "c"])
            throw Wrong($"nchar() counts type \"chars\", R's default, not {type}.", type);
        var x = Required(arguments, "x");
        if (Any(x) is FactorValue)
            throw Wrong($"{x} is a factor; write nchar(as.character({x})).", x);
        return new([.. Texts(x).Select(item => item is null ? double.NaN : item.EnumerateRunes().Count())]);
    }

    /// <summary>As in R, a missing value is the string NA.</summary>
    private TextValue Pasted(CallExpression call)
    {
        string[] options = call.Function == "paste" ? ["sep", "collapse", "recycle0"] : ["collapse", "recycle0"];
        Expression? Option(string name) => call.Arguments.FirstOrDefault(argument => argument.Name == name)?.Value;
        foreach (var other in new[] { "collapse", "recycle0" })
        {
            if (Option(other) is { } given and not NameExpression { Name: "NULL" or "FALSE" or "F" })
                throw Wrong($"{call.Function}() does not support '{other}' here: every row needs its own string.", given);
        }
        var separator =
            call.Function == "paste0" ? ""
            : Option("sep") is not { } written ? " "
            : Texts(written) is [{ } one] ? one
            : throw Wrong($"{written} must be one string.", written);
        var parts = call.Arguments.Where(argument => !options.Contains(argument.Name)).Select(argument => Strings(argument.Value)).ToList();
        if (parts.Count == 0)
            throw Wrong($"{call.Function}() needs a vector.", call);
        var count = parts.Max(part => part.Length);
        return new([
            .. Enumerable.Range(0, count).Select(row => string.Join(separator, parts.Select(part => At(part, row, count, call) ?? "NA"))),
        ]);
    }

    private TextValue Substrings(CallExpression call, string x, string first, string last)
    {
        var arguments = CallArguments.Match(call, text, x, first, last);
        var strings = Strings(Required(arguments, x));
        var start = Numbers(Required(arguments, first));
        var stop =
            arguments.Find(last) is { } written ? Numbers(written)
            : call.Function == "substring" ? [1_000_000]
            : throw Wrong("substr() needs its argument 'stop'.", call);
        var count = Math.Max(strings.Length, Math.Max(start.Length, stop.Length));
        return new([
            .. Enumerable
                .Range(0, count)
                .Select(row => Substring(At(strings, row, count, call), At(start, row, count, call), At(stop, row, count, call))),
        ]);
    }

    /// <summary>Characters from a 1-based place to another, both truncated to whole numbers and included.</summary>
    private static string? Substring(string? item, double first, double last)
    {
        if (item is null || double.IsNaN(first) || double.IsNaN(last))
            return null;
        Rune[] characters = [.. item.EnumerateRunes()];
        var from = (int)Math.Clamp(Math.Truncate(first), 1, characters.Length + 1);
        var to = (int)Math.Clamp(Math.Truncate(last), 0, characters.Length);
        return to < from ? "" : string.Concat(characters[(from - 1)..to]);
    }

    private string?[] Strings(Expression expression) =>
        Any(expression) is NumericValue { Columns: > 1 }
            ? throw Wrong($"{expression} is a matrix; a vector is expected.", expression)
            : Texts(expression);

    /// <summary>An item of a vector in which a single one is recycled.</summary>
    private T At<T>(T[] items, int row, int count, Expression where) =>
        items.Length == 1 ? items[0]
        : items.Length == count ? items[row]
        : throw Wrong($"{where} combines {items.Length} and {count} values.", where);
}
