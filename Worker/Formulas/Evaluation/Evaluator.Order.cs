using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Functions of the order of the rows: ranks and cumulative values.</summary>
internal sealed partial class Evaluator
{
    private static readonly string[] TieMethods = ["average", "first", "last", "random", "max", "min"];

    /// <summary>From a missing value on, all are missing.</summary>
    private NumericValue Cumulative(CallExpression call, Func<double, double, double> combine)
    {
        var data = (double[])Numeric(One(call)).Data.Clone();
        for (var i = 1; i < data.Length; i++)
            data[i] = double.IsNaN(data[i - 1]) ? double.NaN : combine(data[i - 1], data[i]);
        return new(data);
    }

    /// <summary>Missing values have the last ranks, in their order, unless <c>na.last</c> is FALSE or <c>"keep"</c>.</summary>
    private NumericValue Ranks(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "na.last", "ties.method");
        var x = Any(Required(arguments, "x"));
        var (ties, place) = (TieMethod(arguments.Find("ties.method")), MissingPlace(arguments.Find("na.last")));
        int[] missing = [.. Enumerable.Range(0, x.Rows).Where(x.IsMissing)];
        var ranks = new double[x.Rows];
        var before = place == Missing.First ? missing.Length : 0;
        RankPresent(x, Comparer(x, Required(arguments, "x")), ties, before, ranks);
        var firstOfMissing = place == Missing.First ? 1 : x.Rows - missing.Length + 1;
        for (var i = 0; i < missing.Length; i++)
            ranks[missing[i]] = place == Missing.Keep ? double.NaN : firstOfMissing + i;
        return new(ranks);
    }

    /// <summary>Ranks the rows that have a value, counting from the number of ranks before them.</summary>
    private static void RankPresent(Value x, Func<int, int, int> compare, string ties, int before, double[] ranks)
    {
        var inOrder = Comparer<int>.Create((a, b) => compare(a, b) is not 0 and var order ? order : a.CompareTo(b));
        int[] sorted = [.. Enumerable.Range(0, x.Rows).Where(row => !x.IsMissing(row)).Order(inOrder)];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && compare(sorted[start], sorted[end]) == 0)
                end++;
            for (var i = start; i < end; i++)
                ranks[sorted[i]] = before + Rank(ties, start + 1, end, i);
        }
    }

    /// <summary>The rank of place <paramref name="i"/> among ties of ranks <paramref name="first"/> to <paramref name="last"/>.</summary>
    private static double Rank(string ties, int first, int last, int i) =>
        ties switch
        {
            "min" => first,
            "max" => last,
            "first" => i + 1,
            "last" => first + last - i - 1,
            _ => (first + last) / 2.0,
        };

    /// <summary>Compares two rows: numbers, strings in the order of <see cref="Collation"/>, factors by their codes.</summary>
    private Func<int, int, int> Comparer(Value x, Expression where) =>
        x switch
        {
            NumericValue { Columns: 1 } numeric => (a, b) => numeric.Data[a].CompareTo(numeric.Data[b]),
            TextValue texts => (a, b) => Collation.Instance.Compare(texts.Data[a], texts.Data[b]),
            FactorValue factor => (a, b) => factor.Codes[a].CompareTo(factor.Codes[b]),
            _ => throw Wrong($"{where} must be a vector.", where),
        };

    private string TieMethod(Expression? written)
    {
        if (written is null)
            return "average";
        var given = Texts(written);
        var candidates = TieMethods.Where(name => given.Length == 1 && name.StartsWith(given[0] ?? "?", StringComparison.Ordinal)).ToList();
        if (candidates is not [var method])
            throw Wrong($"{written} is not a ties.method. The methods are: average, first, last, max, min.", written);
        return method != "random"
            ? method
            : throw Wrong("Random ties would differ between runs. Choose average, first, last, max or min.", written);
    }

    private enum Missing
    {
        Last,
        First,
        Keep,
    }

    private Missing MissingPlace(Expression? written) =>
        written is null
            ? Missing.Last
            : Any(written) switch
            {
                NumericValue { Data: [var flag] } when !double.IsNaN(flag) => flag != 0 ? Missing.Last : Missing.First,
                TextValue { Data: ["keep"] } => Missing.Keep,
                _ => throw Wrong($"na.last must be TRUE, FALSE or \"keep\" here, not {written}.", written),
            };
}
