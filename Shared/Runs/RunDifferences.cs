using System.Text.Json;
using System.Text.Json.Nodes;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Shared.Runs;

/// <summary>What distinguishes two runs, for the message that one is not the other.</summary>
internal static class RunDifferences
{
    private const int MostNamed = 5;

    /// <summary>
    /// The differences in words, comma-separated: members of the spec with both values, by their names in <c>run.json</c>, then inputs.
    /// </summary>
    /// <param name="there">The run that exists.</param>
    /// <param name="here">The run that was requested.</param>
    public static string Describe(RunDocument there, RunDocument here)
    {
        List<string> all =
        [
            .. InSpec(Members(there.Spec), Members(here.Spec), ""),
            .. OfInputs(there.Inputs, here.Inputs).Where(one => one.IsDifferent).Select(one => one.Name),
        ];
        if (!there.Spec.Elements.SequenceEqual(here.Spec.Elements))
            all.Add("the elements");
        if (all.Count == 0)
            all.Add("the data files, or the models of a batch");
        return string.Join(", ", all.Take(MostNamed)) + (all.Count > MostNamed ? ", …" : "");
    }

    private static IEnumerable<(string Name, bool IsDifferent)> OfInputs(RunInputs there, RunInputs here) =>
        [
            ("values of the cohort", there.CohortDigest != here.CohortDigest),
            ("the data", !there.Scalars.Select(one => one.Digest).SequenceEqual(here.Scalars.Select(one => one.Digest))),
            ("the number of elements", there.TotalElements != here.TotalElements),
            ("the function", (there.FunctionDigest, there.FunctionRuntime) != (here.FunctionDigest, here.FunctionRuntime)),
            ("the neighbours of elements", there.NeighboursDigest != here.NeighboursDigest),
            ("the files of shuffles or blocks", there.ShufflesDigest != here.ShufflesDigest),
            ("the version of the engine's arithmetic", there.NumericVersion != here.NumericVersion),
        ];

    private static JsonObject Members(RunSpec spec)
    {
        var all = JsonSerializer.SerializeToNode(spec, RunJson.Default.RunSpec)!.AsObject();
        var members = all["model"]!.DeepClone().AsObject();
        members["cohort"] = all["cohort"]?.DeepClone();
        return members;
    }

    private static IEnumerable<string> InSpec(JsonNode? there, JsonNode? here, string path)
    {
        if (there is JsonObject old && here is JsonObject now)
            return old.Select(member => member.Key)
                .Union(now.Select(member => member.Key))
                .SelectMany(name => InSpec(old[name], now[name], path.Length == 0 ? name : $"{path}.{name}"));
        return JsonNode.DeepEquals(there, here) ? [] : [$"{path} ({Text(there)}, now {Text(here)})"];
    }

    private static string Text(JsonNode? value) =>
        value switch
        {
            null => "not set",
            JsonObject => "set",
            JsonValue text when text.TryGetValue<string>(out var characters) => $"'{characters}'",
            _ => value.ToJsonString(),
        };
}
