using System.Globalization;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Functions whose values depend on the set of rows.</summary>
internal sealed partial class Evaluator
{
    private static readonly HashSet<string> DataDependent =
    [
        "scale",
        "poly",
        "ns",
        "bs",
        "mean",
        "sd",
        "var",
        "rank",
        "cumsum",
        "cumprod",
        "cummax",
        "cummin",
        "median",
        "min",
        "max",
        "sum",
        "quantile",
        "ave",
    ];

    /// <summary>Whether an expression's value in a row depends on the other rows.</summary>
    public static bool DependsOnRows(Expression expression) =>
        expression is CallExpression call
        && ((!call.IsOperator && ComparesRows(call)) || call.Arguments.Any(argument => DependsOnRows(argument.Value)));

    private static bool ComparesRows(CallExpression call) =>
        call.Function switch
        {
            "cut" => !HasGivenBreaks(call),
            // With one subscript values are taken by their place among the rows; [, 1] takes columns.
            "[" => call.Arguments.Count(argument => argument.Name is null) == 2,
            _ => DataDependent.Contains(call.Function),
        };

    private NumericValue Scale(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "center", "scale");
        var x = Numeric(Required(arguments, "x"));
        var (center, scale) = (Option(arguments.Find("center")), Option(arguments.Find("scale")));
        var data = new double[x.Data.Length];
        for (var column = 0; column < x.Columns; column++)
        {
            var values = x.Data.AsSpan(column * x.Rows, x.Rows);
            var present = values.ToArray().Where(value => !double.IsNaN(value)).ToArray();
            var middle = center.Number ?? (center.Flag ? Statistics.Mean(present) : 0);
            var centred = Array.ConvertAll(present, value => value - middle);
            var spread = scale.Number ?? (scale.Flag ? Math.Sqrt(Statistics.Dot(centred, centred) / Math.Max(1, present.Length - 1)) : 1);
            for (var i = 0; i < values.Length; i++)
                data[(column * x.Rows) + i] = (values[i] - middle) / spread;
        }
        return new(data, x.Columns, x.ColumnNames);
    }

    private (bool Flag, double? Number) Option(Expression? expression)
    {
        if (expression is null)
            return (true, null);
        var value = Numeric(expression);
        return value.Data.Length != 1 ? throw Wrong($"{expression} must be TRUE, FALSE or one number.", expression)
            : value.IsLogical ? (value.Data[0] != 0, null)
            : (false, value.Data[0]);
    }

    private NumericValue Polynomial(CallExpression call)
    {
        var named = call.Arguments.Where(argument => argument.Name is not null).ToList();
        var free = call.Arguments.Where(argument => argument.Name is null or "x").Select(argument => argument.Value).ToList();
        if (free.Count == 0)
            throw Wrong("poly() needs a variable.", call);
        Expression? Named(string name) => named.FirstOrDefault(argument => argument.Name == name)?.Value;
        if (
            named.FirstOrDefault(argument =>
                argument.Name is not ("x" or "degree" or "raw" or "simple")
                && argument is not { Name: "coefs", Value: NameExpression { Name: "NULL" } }
            ) is
            { } odd
        )
            throw Wrong($"poly() has no argument '{odd.Name}' here. It takes: x, …, degree, raw, simple.", odd.Value);
        var degree = Named("degree");
        if (degree is null && free.Count == 2 && Any(free[1]) is NumericValue { Data.Length: 1 })
        {
            degree = free[1];
            free.RemoveAt(1);
        }
        var (power, raw) = (Whole(degree, 1, 1), Flag(Named("raw"), false));
        var bases = free.Select(variable => OnePolynomial(variable, power, raw, call)).ToList();
        return bases.Count == 1 ? new([.. bases[0].SelectMany(column => column)], power) : Products(bases, power);
    }

    private double[][] OnePolynomial(Expression variable, int degree, bool raw, CallExpression call)
    {
        var x =
            Numeric(variable) is NumericValue { Columns: 1 } vector && vector.Rows == rows
                ? vector.Data
                : throw Wrong($"{variable} is not a variable of poly(). With several variables write degree={variable}.", variable);
        if (raw)
            return [.. Enumerable.Range(1, degree).Select(power => Array.ConvertAll(x, value => PowerOperator.Apply(value, power)))];
        if (x.Any(double.IsNaN))
            throw new FormulaException(
                $"Missing values are not allowed in poly() unless raw=TRUE: {variable} has some. Remove those subjects from the cohort (as "
                    + "in R, --subset is taken after poly() is evaluated), or write raw=TRUE.",
                text,
                call.Span
            );
        if (x.Distinct().Take(degree + 1).Count() <= degree)
            throw new BasisImpossibleException($"{call}: the degree must be less than the number of distinct values.");
        return OrthogonalPolynomials.Fit(x, degree);
    }

    /// <summary>
    /// The products of several variables' powers of total degree up to <paramref name="degree"/>, the first variable's power varying
    /// fastest.
    /// </summary>
    private static NumericValue Products(List<double[][]> bases, int degree)
    {
        var powers = new int[bases.Count];
        var (data, names) = (new List<double>(), new List<string>());
        while (Next(powers, degree))
        {
            if (powers.Sum() > degree)
                continue;
            var column = new double[bases[0][0].Length];
            Array.Fill(column, 1);
            for (var variable = 0; variable < powers.Length; variable++)
            {
                if (powers[variable] == 0)
                    continue;
                var factor = bases[variable][powers[variable] - 1];
                for (var i = 0; i < column.Length; i++)
                    column[i] *= factor[i];
            }
            data.AddRange(column);
            names.Add(string.Join('.', powers.Select(power => power.ToString(CultureInfo.InvariantCulture))));
        }
        return new([.. data], names.Count, names);
    }

    private static bool Next(int[] powers, int degree)
    {
        for (var i = 0; i < powers.Length; i++)
        {
            if (powers[i]++ < degree)
                return true;
            powers[i] = 0;
        }
        return false;
    }

    private NumericValue NaturalSpline(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "df", "knots", "intercept", "Boundary.knots");
        var (x, low, high) = SplineRange(arguments);
        var intercept = Flag(arguments.Find("intercept"), false);
        var knots = InnerKnots(arguments, x, low, high, df => df - 1 - (intercept ? 1 : 0));
        var columns = SplineBasis.NaturalSplines(x, knots, low, high, intercept);
        return new([.. columns.SelectMany(column => column)], columns.Length);
    }

    private NumericValue BSpline(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "df", "knots", "degree", "intercept", "Boundary.knots");
        var (x, low, high) = SplineRange(arguments);
        var intercept = Flag(arguments.Find("intercept"), false);
        var degree = Whole(arguments.Find("degree"), 3, 1);
        var knots = InnerKnots(arguments, x, low, high, df => df - degree - (intercept ? 1 : 0));
        var columns = SplineBasis.BSplines(x, degree, knots, low, high, intercept);
        return new([.. columns.SelectMany(column => column)], columns.Length);
    }

    private (double[] X, double Low, double High) SplineRange(CallArguments arguments)
    {
        var variable = Required(arguments, "x");
        var x = Repeat(Numeric(variable), variable) is NumericValue { Columns: 1 } vector
            ? vector.Data
            : throw Wrong($"{variable} must be a numeric vector.", variable);
        if (arguments.Find("Boundary.knots") is { } written)
        {
            var boundary = Numbers(written);
            return boundary.Length == 2 && boundary.Min() < boundary.Max()
                ? (x, boundary.Min(), boundary.Max())
                : throw Wrong("Boundary.knots must be two different numbers.", written);
        }
        var present = x.Where(value => !double.IsNaN(value)).ToArray();
        if (present.Distinct().Take(2).Count() < 2)
            throw new BasisImpossibleException($"{arguments.Call}: {variable} has fewer than two distinct values.");
        return (x, present.Min(), present.Max());
    }

    private double[] InnerKnots(CallArguments arguments, double[] x, double low, double high, Func<int, int> countOfDf)
    {
        if (arguments.FindUnlessNull("knots") is { } written)
        {
            var given = Numbers(written);
            return given.All(knot => knot > low && knot < high)
                ? given
                : throw Wrong("The knots must lie between the boundary knots.", written);
        }
        var count = arguments.FindUnlessNull("df") is { } df ? countOfDf(Whole(df, 1, 1)) : 0;
        // If df is too small for the degree, R warns and uses the smallest basis.
        if (count <= 0)
            return [];
        var inside = x.Where(value => value >= low && value <= high).Order().ToArray();
        var knots = Enumerable.Range(1, count).Select(i => Statistics.Quantile(inside, i / (count + 1.0))).ToArray();
        return knots[0] > low && knots[^1] < high
            ? knots
            : throw new BasisImpossibleException($"{arguments.Call}: too few distinct values for {count} inner knots.");
    }
}
