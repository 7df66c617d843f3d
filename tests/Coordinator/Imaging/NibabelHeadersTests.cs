using System.Text.Json;
using HpcFit.Coordinator.Imaging;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Imaging;

/// <summary>
/// Unusual or wrong headers are read as nibabel reads them, and refused where it refuses them: nibabel-headers.py.
/// </summary>
public sealed class NibabelHeadersTests : IDisposable
{
    private readonly ConversionFolder _folder = new(subjects: 0);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_affines_and_refusals_are_those_of_nibabel()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Imaging", "nibabel-headers.json")));
        cases.RootElement.GetArrayLength().ShouldBe(44);
        foreach (var one in cases.RootElement.EnumerateArray())
        {
            var name = one.GetProperty("name").GetString();
            _folder.Write("image.nii", one.GetProperty("file").GetBytesFromBase64());
            var path = _folder.Combine("image.nii");
            if (one.TryGetProperty("refusal", out _))
            {
                Should.Throw<BadInputException>(() => ImageFile.ReadPlaced(path), name);
                continue;
            }
            var image = SingleVolume.From(ImageFile.ReadPlaced(path));
            ImageFile.ReadAll(image).ShouldBe(Numbers(one, "values"), name);
            Numbers(one, "affine")
                .Zip(image.Affine!.Rows, (expected, found) => Math.Abs(expected - found))
                .Max()
                .ShouldBeLessThan(1e-5, name);
        }
    }

    private static double[] Numbers(JsonElement one, string name) =>
        [.. one.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
