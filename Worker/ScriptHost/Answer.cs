using System.Collections;
using System.Globalization;
using HpcFit.Shared.Failures;

namespace HpcFit.ScriptHost;

/// <summary>The result of a function, as names and numbers.</summary>
/// <param name="Names">The columns.</param>
/// <param name="Values">One per column.</param>
internal sealed record Answer(IReadOnlyList<string> Names, IReadOnlyList<double> Values)
{
    /// <summary>Reads what a function returned: names with numbers, numbers, or one number.</summary>
    /// <exception cref="BadInputException">The function returned anything else; the message describes it.</exception>
    public static Answer From(object? returned)
    {
        var pairs = returned switch
        {
            IEnumerable<KeyValuePair<string, double>> named => [.. named],
            IDictionary map => map
                .Keys.Cast<object>()
                .Select(key => new KeyValuePair<string, double>($"{key}", Number($"{key}", map[key])))
                .ToList(),
            string text => throw new BadInputException($"it returned the string \"{text}\"; numbers were expected"),
            IEnumerable values =>
            [
                .. values.Cast<object?>().Select((value, i) => new KeyValuePair<string, double>($"v{i + 1}", Number($"v{i + 1}", value))),
            ],
            null => throw new BadInputException("it returned nothing; a Dictionary<string, double> was expected"),
            _ => [new("v1", Number("v1", returned))],
        };
        if (pairs.Count == 0)
            throw new BadInputException("it returned no values");
        if (pairs.GroupBy(pair => pair.Key).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException($"it returned '{twice.Key}' twice");
        return new([.. pairs.Select(pair => pair.Key)], [.. pairs.Select(pair => pair.Value)]);
    }

    /// <summary>Its values in the order of the run's columns.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="bySource">Whether the columns are sources, which may be missing in the result and become NaN.</param>
    /// <exception cref="BadInputException">It has other columns.</exception>
    public double[] Arrange(IReadOnlyList<string> columns, bool bySource)
    {
        if (Names.SequenceEqual(columns))
            return [.. Values];
        var place = columns.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        var unknown = Names.Where(name => !place.ContainsKey(name)).ToList();
        if (bySource && unknown.Count > 0)
            throw new BadInputException(
                $"it returned values for names that are not a source_file of the cohort: {string.Join(", ", unknown.Take(8))}"
            );
        if (unknown.Count > 0 || (!bySource && Names.Count != columns.Count))
            throw new BadInputException(
                $"it returned the columns {string.Join(", ", Names.Take(8))}; the run's are {string.Join(", ", columns.Take(8))}"
            );
        var values = new double[columns.Count];
        Array.Fill(values, double.NaN);
        for (var i = 0; i < Names.Count; i++)
            values[place[Names[i]]] = Values[i];
        return values;
    }

    private static double Number(string name, object? value) =>
        value switch
        {
            double number => number,
            null => double.NaN,
            float or decimal or byte or sbyte or short or ushort or int or uint or long or ulong or bool => Convert.ToDouble(
                value,
                CultureInfo.InvariantCulture
            ),
            _ => throw new BadInputException($"it returned {value.GetType().Name} {value} as '{name}'; a number was expected"),
        };
}
