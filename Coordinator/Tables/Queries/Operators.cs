namespace HpcFit.Coordinator.Tables.Queries;

/// <summary>
/// The operators of expressions. As in R, a comparison with a missing value is missing, <c>NA &amp; FALSE</c> is false and
/// <c>NA | TRUE</c> is true.
/// </summary>
internal static class Operators
{
    /// <summary>The functions of one argument.</summary>
    public static readonly IReadOnlyDictionary<string, Func<double, double>> Functions = new Dictionary<string, Func<double, double>>
    {
        ["abs"] = Math.Abs,
        ["sqrt"] = Math.Sqrt,
        ["exp"] = Math.Exp,
        ["log"] = Math.Log,
        ["log2"] = Math.Log2,
        ["log10"] = Math.Log10,
        ["is.na"] = value => double.IsNaN(value) ? 1 : 0,
        ["is.finite"] = value => double.IsFinite(value) ? 1 : 0,
    };

    /// <summary>An arithmetic operator.</summary>
    public static Func<double, double, double> Arithmetic(string symbol) =>
        symbol switch
        {
            "+" => (left, right) => left + right,
            "-" => (left, right) => left - right,
            "*" => (left, right) => left * right,
            "/" => (left, right) => left / right,
            _ => Math.Pow,
        };

    /// <summary>A comparison, given the sign of the order of both sides.</summary>
    public static Func<int, bool> Comparison(string symbol) =>
        symbol switch
        {
            "<" => order => order < 0,
            "<=" => order => order <= 0,
            ">" => order => order > 0,
            ">=" => order => order >= 0,
            "==" => order => order == 0,
            _ => order => order != 0,
        };

    /// <summary>Logical and.</summary>
    public static double And(double left, double right) =>
        left == 0 || right == 0 ? 0
        : double.IsNaN(left) || double.IsNaN(right) ? double.NaN
        : 1;

    /// <summary>Logical or.</summary>
    public static double Or(double left, double right) =>
        left == 1 || right == 1 ? 1
        : double.IsNaN(left) || double.IsNaN(right) ? double.NaN
        : 0;
}
