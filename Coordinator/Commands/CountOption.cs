using System.CommandLine;

namespace HpcFit.Coordinator.Commands;

/// <summary>Options whose value is a whole number with a least value.</summary>
internal static class CountOption
{
    /// <summary>An option with a default.</summary>
    public static Option<int> Create(string name, string description, int otherwise, int least = 1)
    {
        var option = new Option<int>(name) { Description = $"{description} (default: {otherwise})", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result => Refuse(result, result.GetValueOrDefault<int>(), name, least));
        return option;
    }

    /// <summary>An option that may be left out.</summary>
    public static Option<long?> Optional(string name, string description, long least = 1)
    {
        var option = new Option<long?>(name) { Description = description };
        option.Validators.Add(result => Refuse(result, result.GetValueOrDefault<long?>() ?? least, name, least));
        return option;
    }

    private static void Refuse(System.CommandLine.Parsing.OptionResult result, long value, string name, long least)
    {
        if (value < least) result.AddError($"{name} is {value}; a number of {least} or more was expected.");
    }
}
