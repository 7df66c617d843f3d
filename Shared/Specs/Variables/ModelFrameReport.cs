using System.Globalization;

namespace HpcFit.Shared.Specs.Variables;

/// <summary>The lines that report a model's subjects and variables before it is fitted.</summary>
public static class ModelFrameReport
{
    private const int ShownLevels = 8;
    private const int ShownVariables = 25;
    private const int NameWidth = 24;

    /// <summary>One line for the subjects, then one for each variable.</summary>
    public static IEnumerable<string> Lines(ModelFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        yield return Subjects(frame);
        var shown = frame.Variables.Take(ShownVariables).ToList();
        var width = shown.Select(variable => variable.Name.Length).Where(length => length <= NameWidth).DefaultIfEmpty().Max();
        foreach (var variable in shown)
            yield return $"variable   {variable.Name.PadRight(width)}  {Variable(variable)}";
        if (frame.Variables.Count > ShownVariables)
            yield return $"variable   … and {frame.Variables.Count - ShownVariables} more";
    }

    private static string Subjects(ModelFrame frame)
    {
        var excluded = frame.SubjectsInCohort - frame.Selected - frame.Undecided;
        var absent = frame.SubjectsInFile - frame.SubjectsInCohort;
        IEnumerable<string> reasons =
        [
            .. excluded > 0 ? [$"{Are(excluded)} excluded by --subset"] : (string[])[],
            .. frame.Undecided > 0 ? [$"--subset is missing (NA) for {frame.Undecided}"] : (string[])[],
            .. frame.Missing.Select(one => $"{Are(one.Subjects)} missing {one.Variable}"),
            .. frame.Missing.Sum(one => one.Subjects) > frame.Selected - frame.Used ? ["some of them several variables"] : (string[])[],
            .. frame.ZeroWeights > 0
                ? [$"{frame.ZeroWeights} of those used {(frame.ZeroWeights == 1 ? "has" : "have")} weight 0"]
                : (string[])[],
            .. absent > 0 ? [$"the file has {absent} more"] : (string[])[],
        ];
        return string.Join(", ", reasons.Prepend($"subjects used: {frame.Used} of {frame.SubjectsInCohort}"));
    }

    private static string Are(int count) => count == 1 ? "1 is" : $"{count} are";

    /// <summary>Type, values and missing ones of a variable.</summary>
    public static string Variable(VariableSummary variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var role = variable.Role is { } one ? $" ({one})" : "";
        var missing = variable.Missing > 0 ? $", {variable.Missing} missing" : "";
        return Type(variable) + role + Content(variable) + missing;
    }

    private static string Type(VariableSummary variable) =>
        variable.Type switch
        {
            VariableType.Numeric => "numeric",
            VariableType.Logical => "logical",
            VariableType.Factor => "factor",
            VariableType.Ordered => "ordered factor",
            VariableType.Text => "text",
            _ => "scalar",
        } + (variable is { Contrasts: { } contrasts, Reference: null } ? $" ({contrasts})" : "");

    private static string Content(VariableSummary variable) =>
        variable switch
        {
            { Type: VariableType.Scalar } => ", one value per subject and element",
            { Type: VariableType.Numeric, Minimum: { } minimum, Maximum: { } maximum } => minimum == maximum
                ? $", constant {Number(minimum)}"
                : $", {Number(minimum)} to {Number(maximum)}",
            { Levels: { Count: > 0 } levels } when levels.Count <= ShownLevels || levels.Any(level => level.Subjects > 1) =>
                $": {Levels(levels, variable.Reference)}",
            { LevelCount: { } count and > 0 } => $", {count} {(variable.Type == VariableType.Text ? "different texts" : "levels")}"
                + (variable.Levels is null ? "" : " of 1 subject each")
                + (variable.Reference is { } reference ? $" (reference {reference})" : ""),
            _ => ", no value",
        };

    private static string Levels(IReadOnlyList<LevelCount> levels, string? reference)
    {
        var shown = levels
            .Where((level, place) => place < ShownLevels || level.Level == reference)
            .Select(level => $"{level.Level} {level.Subjects}{(level.Level == reference ? " (reference)" : "")}");
        return string.Join(", ", shown) + (levels.Count > ShownLevels ? $", … ({levels.Count} levels)" : "");
    }

    /// <summary>The shortest text that parses to the same number.</summary>
    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
