using System.Text.RegularExpressions;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>
/// <c>--within-between Age</c>: the columns <c>Age_between</c>, the mean of the groups of the random term, and <c>Age_within</c>, the
/// deviation from it (package datawizard's <c>demean</c>).
/// </summary>
internal static partial class WithinBetween
{
    /// <summary>The definitions of the columns, as <c>--column</c> takes them.</summary>
    /// <param name="option">The option, for messages.</param>
    /// <param name="variables">The variables to split.</param>
    /// <param name="formula">The model.</param>
    /// <exception cref="UsageException">The formula has no single grouping factor, or uses none of the columns.</exception>
    public static IEnumerable<string> Columns(string option, IReadOnlyList<string> variables, string formula)
    {
        if (variables.Count == 0)
            return [];
        var groups = Bar().Matches(formula).Select(match => match.Groups[1].Value.Trim()).Distinct(StringComparer.Ordinal).ToList();
        if (groups is not [{ } group] || !Name().IsMatch(group))
            throw new UsageException(
                $"{option} needs a formula with random effects of one column of the cohort, such as (1 | id); this one has "
                    + (groups.Count == 0 ? "none" : string.Join(", ", groups.Select(text => $"'{text}'")))
                    + $". Define the columns otherwise: --column '{variables[0]}_between=ave({variables[0]}, id, na.rm=TRUE)'."
            );
        return variables.SelectMany(variable => Definitions(option, variable, group, formula));
    }

    private static string[] Definitions(string option, string variable, string group, string formula)
    {
        var (between, within) = ($"{variable}_between", $"{variable}_within");
        if (!formula.Contains(between, StringComparison.Ordinal) && !formula.Contains(within, StringComparison.Ordinal))
            throw new UsageException(
                $"{option} {variable} adds the columns {between} and {within}, and the formula '{formula}' has neither. Write "
                    + $"{between} + {within} in place of {variable}."
            );
        var quoted = Name().IsMatch(variable) ? variable : $"`{variable}`";
        return [$"{between}=ave({quoted}, {group}, na.rm=TRUE)", $"{within}={quoted} - ave({quoted}, {group}, na.rm=TRUE)"];
    }

    [GeneratedRegex(@"\|\|?([^|()]+)\)")]
    private static partial Regex Bar();

    /// <summary>A name as R's syntax has it, or any in backticks.</summary>
    [GeneratedRegex(@"^(?:[\p{L}.][\p{L}\p{N}._]*|`[^`]+`)$")]
    private static partial Regex Name();
}
