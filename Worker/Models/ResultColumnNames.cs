using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Models;

/// <summary>Checks the names of result columns, which follow from those of variables, contrasts and tests.</summary>
internal static class ResultColumnNames
{
    /// <summary>Refuses two columns of one name.</summary>
    /// <param name="names">The names of an engine's columns.</param>
    /// <exception cref="BadInputException">Two are equal, such as those of a variable <c>model</c> and of the model.</exception>
    public static void RefuseTwins(IEnumerable<string> names)
    {
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException(
                $"Two result columns would have the name '{twice.Key}', because a variable, contrast or test has a name that the results "
                    + "use, too. Rename it; a variable with --column 'NEW=OLD' and NEW in the formula."
            );
    }
}
