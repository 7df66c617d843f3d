using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Subscripts: columns of a matrix, <c>poly(x, 2)[, 2]</c>, and values of a vector, <c>mean(x[sex == "M"])</c>.</summary>
internal sealed partial class Evaluator
{
    private Value Subset(CallExpression call)
    {
        if (call.Arguments.FirstOrDefault(argument => argument.Name is not (null or "drop")) is { } odd)
            throw Wrong($"A subscript has no argument '{odd.Name}' here.", odd.Value);
        if (call.Arguments.FirstOrDefault(argument => argument.Name == "drop") is { } drop && !Flag(drop.Value, true))
            throw Wrong("drop = FALSE is not supported: one column is a vector.", drop.Value);
        var subscripts = call.Arguments.Skip(1).Where(argument => argument.Name is null).Select(argument => argument.Value).ToList();
        return subscripts.Count switch
        {
            1 => Items(Any(call[0]), subscripts[0]),
            2 => Columns(call[0], subscripts[0], subscripts[1]),
            _ => throw Wrong($"{call} needs one subscript for a vector, or [, column] for a matrix.", call),
        };
    }

    private NumericValue Columns(Expression of, Expression row, Expression column)
    {
        if (row is not EmptyExpression)
            throw Wrong("Rows cannot be selected here: a variable has one value per subject. Leave the first subscript empty: [, 1].", row);
        if (Any(of) is not NumericValue matrix || (matrix.Columns == 1 && !IsMatrix(of)))
            throw Wrong($"{of} is a vector, which has no columns.", of);
        if (column is EmptyExpression)
            return matrix;
        var names = matrix.ColumnNames ?? [.. Enumerable.Range(1, matrix.Columns).Select(i => $"{i}")];
        var places = Any(column) is TextValue texts
            ? Array.ConvertAll(texts.Data, name => Named(name ?? "NA", names, column))
            : Places(column, matrix.Columns);
        if (places.Length == 0)
            throw Wrong($"{column} selects no column.", column);
        double[] data = [.. places.SelectMany(place => matrix.Data.AsSpan(place * matrix.Rows, matrix.Rows).ToArray())];
        return places.Length == 1 ? new NumericValue(data) : new(data, places.Length, [.. places.Select(place => names[place])]);
    }

    /// <summary>A matrix of one column is a matrix in R too, if a function made it.</summary>
    private static bool IsMatrix(Expression expression) =>
        expression is CallExpression call
        && (call.IsOperatorNamed("(", 1) ? IsMatrix(call[0]) : !call.IsOperator && call.Function is "scale" or "poly" or "ns" or "bs");

    private int Named(string name, IReadOnlyList<string> names, Expression where) =>
        names.ToList().IndexOf(name) is var place and >= 0
            ? place
            : throw Wrong($"'{name}' is not a column. {NearestNames.Hint(name, names)}", where);

    private Value Items(Value of, Expression subscript)
    {
        if (of is NumericValue { Columns: > 1 })
            throw Wrong("A matrix is subscripted by its columns: [, 1].", subscript);
        var places = Places(subscript, of.Rows);
        return of switch
        {
            NumericValue numeric => new NumericValue(Taken(numeric.Data, places, double.NaN), IsLogical: numeric.IsLogical),
            TextValue texts => new TextValue(Taken(texts.Data, places, null)),
            FactorValue factor => factor with { Codes = Taken(factor.Codes, places, -1) },
            _ => throw new InvalidOperationException($"No items of {of.GetType().Name}."),
        };
    }

    private static T[] Taken<T>(T[] items, int[] places, T missing) =>
        Array.ConvertAll(places, place => place < 0 ? missing : items[place]);

    /// <summary>0-based places: of logicals those that are TRUE, -1 where they are missing; of negative numbers all others.</summary>
    private int[] Places(Expression subscript, int count)
    {
        var index = Numeric(subscript);
        if (index.IsLogical)
            return LogicalPlaces(index, count, subscript);
        var numbers = Array.ConvertAll(index.Data, Math.Truncate);
        if (numbers.Length > 0 && numbers.All(number => number < 0))
            return [.. Enumerable.Range(0, count).Where(place => !numbers.Contains(-place - 1))];
        return numbers.All(number => number >= 1 && number <= count)
            ? Array.ConvertAll(numbers, number => (int)number - 1)
            : throw Wrong($"{subscript} must be within 1 and {count}, or negative to leave out.", subscript);
    }

    private int[] LogicalPlaces(NumericValue index, int count, Expression subscript)
    {
        if (index.Data.Length != count)
            throw Wrong($"{subscript} has {index.Data.Length} values where {count} are selected from.", subscript);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Where(place => index.Data[place] != 0)
                .Select(place => double.IsNaN(index.Data[place]) ? -1 : place),
        ];
    }

    /// <summary>R's <c>seq()</c> of numbers.</summary>
    private NumericValue RegularSequence(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "from", "to", "by", "length.out", "along.with");
        if (arguments.Find("along.with") is { } along)
            throw Wrong("seq() does not support 'along.with' here.", along);
        var from = Number(Required(arguments, "from"), 1);
        var to = Number(Required(arguments, "to"), 1);
        if (arguments.Find("length.out") is { } length)
        {
            if (arguments.Find("by") is { } both)
                throw Wrong("seq() takes 'by' or 'length.out', not both.", both);
            return new(Whole(length, 1, 1) is > 1 and var many ? Spread(from, to, many - 1) : [from]);
        }
        var by = Number(arguments.Find("by"), from <= to ? 1 : -1);
        var steps = (to - from) / by;
        // As in R, a step may pass the end by a rounding error.
        return steps >= 0 && steps <= 10_000
            ? new([
                .. Enumerable
                    .Range(0, (int)(steps + 1e-10) + 1)
                    .Select(i => by > 0 ? Math.Min(from + (i * by), to) : Math.Max(from + (i * by), to)),
            ])
            : throw Wrong($"{call} has no end or is too long.", call);
    }
}
