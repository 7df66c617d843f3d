using System.Globalization;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Surfaces;

/// <summary>Numbers as text: the encoding <c>ASCII</c>, and matrices.</summary>
internal static class GiftiText
{
    /// <summary>Reads numbers between white space.</summary>
    /// <param name="text">The text.</param>
    /// <param name="count">How many there must be.</param>
    /// <param name="problem">Makes an error from the end of its sentence.</param>
    /// <exception cref="BadInputException">Something is not a number, or there are more or fewer.</exception>
    public static double[] Read(string text, long count, Func<string, BadInputException> problem)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != count)
            throw problem($"contains {words.Length:N0} numbers as text; {count:N0} are expected.");
        var values = new double[count];
        for (var at = 0; at < values.Length; at++)
        {
            if (!double.TryParse(words[at], NumberStyles.Float, CultureInfo.InvariantCulture, out values[at]))
                throw problem($"contains the text '{words[at]}' as its value {at:N0}; a number is expected.");
        }
        return values;
    }
}
