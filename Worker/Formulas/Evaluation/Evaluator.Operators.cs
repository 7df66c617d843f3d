using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

internal sealed partial class Evaluator
{
    private Value Operator(CallExpression call)
    {
        if (call.Function == "(")
            return Any(call[0]);
        if (call.Arguments.Count == 1)
            return Unary(call);
        return call.Function switch
        {
            "+" => Arithmetic(call, static (x, y) => x + y),
            "-" => Arithmetic(call, static (x, y) => x - y),
            "*" => Arithmetic(call, static (x, y) => x * y),
            "/" => Arithmetic(call, static (x, y) => x / y),
            "^" => Arithmetic(call, PowerOperator.Apply),
            "%%" => Arithmetic(call, static (x, y) => y == 0 ? double.NaN : x - (Math.Floor(x / y) * y)),
            "%/%" => Arithmetic(call, static (x, y) => Math.Floor(x / y)),
            "&" or "&&" => Logical(
                call,
                static (x, y) =>
                    x == 0 || y == 0 ? 0
                    : double.IsNaN(x) || double.IsNaN(y) ? double.NaN
                    : 1
            ),
            "|" or "||" => Logical(
                call,
                static (x, y) =>
                    x is not 0 and not double.NaN || y is not 0 and not double.NaN ? 1
                    : double.IsNaN(x) || double.IsNaN(y) ? double.NaN
                    : 0
            ),
            ":" => Sequence(call),
            "%in%" => In(call),
            "<" or ">" or "<=" or ">=" or "==" or "!=" => Comparison(call),
            _ => throw Wrong($"'{call.Function}' has no meaning inside an expression.", call),
        };
    }

    private NumericValue Unary(CallExpression call)
    {
        var operand = Numeric(call[0]);
        return call.Function switch
        {
            "+" => operand with { IsLogical = false },
            "-" => operand with { Data = Array.ConvertAll(operand.Data, static x => -x), IsLogical = false },
            "!" => operand with
            {
                Data = Array.ConvertAll(
                    operand.Data,
                    static x =>
                        double.IsNaN(x) ? x
                        : x == 0 ? 1
                        : 0
                ),
                IsLogical = true,
            },
            _ => throw Wrong($"'{call.Function}' has no meaning inside an expression.", call),
        };
    }

    private NumericValue Arithmetic(CallExpression call, Func<double, double, double> apply) =>
        Combine(Numeric(call[0]), Numeric(call[1]), apply, call);

    private NumericValue Logical(CallExpression call, Func<double, double, double> apply) =>
        Arithmetic(call, apply) with
        {
            IsLogical = true,
        };

    private NumericValue Combine(NumericValue left, NumericValue right, Func<double, double, double> apply, Expression where)
    {
        var (a, b) = (left.Data, right.Data);
        var shape = a.Length >= b.Length ? left : right;
        var fits =
            a.Length == b.Length
            || a.Length == 1
            || b.Length == 1
            || (left.Rows == right.Rows && (left.Columns == 1 || right.Columns == 1));
        if (!fits)
            throw Wrong($"{where} combines {left.Rows} and {right.Rows} values.", where);
        var result = new double[shape.Data.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = apply(a[a.Length == 1 ? 0 : i % a.Length], b[b.Length == 1 ? 0 : i % b.Length]);
        return new(result, shape.Columns, shape.ColumnNames);
    }

    private NumericValue Sequence(CallExpression call)
    {
        var (from, to) = (Number(call[0], 0), Number(call[1], 0));
        var count = Math.Floor(Math.Abs(to - from) + 1e-10) + 1;
        if (count > 10_000)
            throw Wrong($"{call} is too long a sequence.", call);
        return new([.. Enumerable.Range(0, (int)count).Select(i => from <= to ? from + i : from - i)]);
    }

    private NumericValue In(CallExpression call)
    {
        var set = Texts(call[1]).ToHashSet(StringComparer.Ordinal);
        return new([.. Texts(call[0]).Select(value => set.Contains(value) ? 1.0 : 0.0)], IsLogical: true);
    }

    private NumericValue Comparison(CallExpression call)
    {
        var (left, right) = (Any(call[0]), Any(call[1]));
        if (left is NumericValue a && right is NumericValue b)
            return Combine(a, b, (x, y) => Truth(double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y), call.Function), call) with
            {
                IsLogical = true,
            };
        if ((left as FactorValue ?? right as FactorValue) is { } factor && call.Function is not ("==" or "!="))
            return OrderedComparison(factor, left, right, call);
        var (s, t) = (Factors.Texts(left), Factors.Texts(right));
        if (s.Length != t.Length && s.Length != 1 && t.Length != 1)
            throw Wrong($"{call} compares {s.Length} and {t.Length} values.", call);
        var result = new double[Math.Max(s.Length, t.Length)];
        for (var i = 0; i < result.Length; i++)
        {
            var (x, y) = (s[s.Length == 1 ? 0 : i], t[t.Length == 1 ? 0 : i]);
            result[i] = Truth(
                x is null || y is null ? null
                    : x == y ? 0
                    : Collation.Instance.Compare(x, y),
                call.Function
            );
        }
        return new(result, IsLogical: true);
    }

    private NumericValue OrderedComparison(FactorValue factor, Value left, Value right, CallExpression call)
    {
        if (!factor.IsOrdered)
            throw Wrong($"{call.Function} is not meaningful for factors that are not ordered.", call);
        NumericValue Codes(Value value) =>
            new([
                .. Factors
                    .Texts(value)
                    .Select(item => item is not null && factor.Levels.ToList().IndexOf(item) is var code and >= 0 ? code : double.NaN),
            ]);
        return Combine(
            Codes(left),
            Codes(right),
            (x, y) => Truth(double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y), call.Function),
            call
        ) with
        {
            IsLogical = true,
        };
    }

    private static double Truth(int? order, string comparison) =>
        order is not { } sign ? double.NaN
        : comparison switch
        {
            "<" => sign < 0,
            ">" => sign > 0,
            "<=" => sign <= 0,
            ">=" => sign >= 0,
            "==" => sign == 0,
            _ => sign != 0,
        }
            ? 1
        : 0;
}
