using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Provenance;

/// <summary>
/// The options of a model and of its cohort as attributes: every member of the spec is one, so that a new option is stored as well. A
/// name is that of the member in <c>run.json</c> in snake case, whichever of the spec's parts it is in.
/// </summary>
internal static class SpecAttributes
{
    /// <summary>Members whose attributes have other names than their own.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["ModelSpec.engine"] = "model",
        ["FamilySpec.name"] = "family",
        ["CustomSpec.scalars"] = "attached_scalars",
        ["HypothesisSpec.contrasts"] = "contrast",
        ["HypothesisSpec.fTests"] = "f_test",
        ["HypothesisSpec.standardErrors"] = "se",
        ["PermutationSpec.count"] = "permutations",
        ["PermutationSpec.seed"] = "perm_seed",
        ["PermutationSpec.method"] = "perm_method",
        ["PermutationSpec.within"] = "exchange_within",
        ["PermutationSpec.whole"] = "exchange_whole",
        ["PermutationSpec.blocks"] = "exchange_blocks",
        ["PermutationSpec.ignoresRepeats"] = "exchange_none",
        ["PermutationSpec.file"] = "permutations_file",
        ["PermutationSpec.fweOverContrasts"] = "fwe_over_contrasts",
        ["PermutationSpec.missing"] = "perm_missing",
    };

    /// <summary>The option <c>--scalar</c>, which is not given in most commands: the scalar that is fitted is stored under this
    /// name.</summary>
    private const string Response = "ModelSpec.scalar";

    /// <summary>The attributes of a spec. Members that are null, and lists that are empty by default, have none.</summary>
    public static IEnumerable<AttributeContent> Create(RunSpec spec)
    {
        var attributes = Members(spec.Model).Concat(Members(spec.Cohort));
        return spec.Model.Engine == "lm" ? attributes.Append(AttributeContent.Text("hpcfit_method", "least squares")) : attributes;
    }

    private static IEnumerable<AttributeContent> Members(object part)
    {
        foreach (var member in RunJson.Default.GetTypeInfo(part.GetType())!.Properties)
        {
            var key = $"{part.GetType().Name}.{member.Name}";
            if (key == Response || member.Get?.Invoke(part) is not { } value)
                continue;
            if (IsPart(value))
            {
                foreach (var inner in Members(value))
                    yield return inner;
            }
            else if (Attribute("hpcfit_" + NameOf(key, member), value, member) is { } attribute)
                yield return attribute;
        }
    }

    private static string NameOf(string key, JsonPropertyInfo member) =>
        Names.GetValueOrDefault(key) ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);

    private static bool IsPart(object value) => RunJson.Default.GetTypeInfo(value.GetType()) is { Kind: JsonTypeInfoKind.Object };

    /// <summary>One option; null for an empty list, unless it was requested instead of a default that is not empty.</summary>
    private static AttributeContent? Attribute(string name, object value, JsonPropertyInfo member) =>
        value switch
        {
            string text => AttributeContent.Text(name, text),
            bool flag => AttributeContent.Integer(name, flag ? 1 : 0),
            int number => AttributeContent.Integer(name, number),
            long number => AttributeContent.Integer(name, number),
            double number => AttributeContent.Number(name, number),
            System.Collections.ICollection { Count: 0 } => member.IsGetNullable ? AttributeContent.Text(name, "none") : null,
            IReadOnlyList<string> texts => AttributeContent.Texts(name, texts),
            IReadOnlyList<double> numbers => AttributeContent.Numbers(name, numbers),
            IReadOnlyList<int> numbers => AttributeContent.Integers(name, [.. numbers.Select(number => (long)number)]),
            IReadOnlyList<ContrastSpec> contrasts => AttributeContent.Texts(name, [.. contrasts.Select(contrast => contrast.Text())]),
            IReadOnlyDictionary<string, string> pairs => AttributeContent.Texts(
                name,
                [.. pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")]
            ),
            IReadOnlyDictionary<string, IReadOnlyList<double>> lists => AttributeContent.Texts(
                name,
                [.. lists.OrderBy(list => list.Key, StringComparer.Ordinal).Select(list => $"{list.Key}={Numbers(list.Value)}")]
            ),
            _ => AttributeContent.Text(name, JsonSerializer.Serialize(value, RunJson.Default.GetTypeInfo(member.PropertyType)!)),
        };

    private static string Numbers(IEnumerable<double> numbers) =>
        string.Join(",", numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
}
