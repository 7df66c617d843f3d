using System.Text.Json;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Cohort;

/// <summary>Refuses keys of a JSON object that the format does not have, which are usually misspelt.</summary>
internal static class KnownKeys
{
    /// <summary>Refuses an object with another key than <paramref name="known"/>.</summary>
    /// <exception cref="BadInputException">The key, with the nearest known ones.</exception>
    public static void Require(string path, string owner, JsonElement json, IReadOnlyCollection<string> known)
    {
        foreach (var key in json.EnumerateObject().Select(property => property.Name))
        {
            if (!known.Contains(key))
                throw new BadInputException($"Cohort {path}: {owner} has an unknown key '{key}'. {NearestNames.Hint(key, known)}");
        }
    }
}
