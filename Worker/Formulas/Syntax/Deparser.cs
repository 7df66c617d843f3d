using System.Text;
using HpcFit.Shared.Cohort;

namespace HpcFit.Worker.Formulas.Syntax;

/// <summary>Formats syntax trees as R's deparse does: with spaces around some operators but not others, and 15 significant
/// digits.</summary>
internal static class Deparser
{
    private static readonly HashSet<string> Tight = ["/", "^", ":", "%%", "%/%"];

    public static string Text(Expression expression) =>
        expression switch
        {
            NumberExpression number => NumberText.Format(number.Value) + (number.IsInteger ? "L" : ""),
            TextExpression text => Quote(text.Value),
            EmptyExpression => "",
            NameExpression { Name: "TRUE" or "FALSE" or "NA" or "Inf" or "NaN" or "NULL" } constant => constant.Name,
            NameExpression name => Name(name.Name),
            CallExpression call => Call(call),
            _ => throw new InvalidOperationException($"No text for {expression.GetType().Name}."),
        };

    private static string Call(CallExpression call)
    {
        if (!call.IsOperator)
        {
            var arguments = call.Arguments.Select(argument =>
                (argument.Name is null ? "" : Name(argument.Name) + " = ") + Text(argument.Value)
            );
            if (call is { Function: "[", Arguments.Count: > 0 })
                return Text(call[0]) + "[" + string.Join(", ", arguments.Skip(1)) + "]";
            return (call.Package is null ? "" : call.Package + "::") + Name(call.Function) + "(" + string.Join(", ", arguments) + ")";
        }
        if (call.Function == "(")
            return "(" + Text(call[0]) + ")";
        if (call.Arguments.Count == 1)
            return call.Function + Text(call[0]);
        var gap = Tight.Contains(call.Function) ? "" : " ";
        return Text(call[0]) + gap + call.Function + gap + Text(call[1]);
    }

    /// <summary>A name, in backticks if it is not syntactic in R.</summary>
    public static string Name(string name) =>
        ColumnNames.IsSyntactic(name) ? name : "`" + name.Replace("\\", "\\\\").Replace("`", "\\`") + "`";

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var ch in text)
        {
            quoted.Append(
                ch switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    '\t' => "\\t",
                    '\r' => "\\r",
                    _ => ch.ToString(),
                }
            );
        }
        return quoted.Append('"').ToString();
    }
}
