using System.Text.Json;

namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>A dataset of numbers as h5py reads it.</summary>
/// <param name="Shape">Its extents.</param>
/// <param name="Values">Its values in C order; NaN where it has none.</param>
/// <param name="Attributes">Attributes that are lists.</param>
internal sealed record StoredDataset(int[] Shape, double[] Values, IReadOnlyDictionary<string, string[]> Attributes)
{
    public static StoredDataset Read(string file, string name)
    {
        using var json = JsonDocument.Parse(Python.Run("permutation/read_dataset.py", file, name).ShouldSucceed().Output);
        var root = json.RootElement;
        return new(
            [.. root.GetProperty("shape").EnumerateArray().Select(one => one.GetInt32())],
            [
                .. root.GetProperty("values")
                    .EnumerateArray()
                    .Select(one => one.ValueKind == JsonValueKind.Null ? double.NaN : one.GetDouble()),
            ],
            root.GetProperty("attributes")
                .EnumerateObject()
                .Where(one => one.Value.ValueKind == JsonValueKind.Array)
                .ToDictionary(one => one.Name, one => one.Value.EnumerateArray().Select(text => text.ToString()).ToArray())
        );
    }
}
