using System.Text.Json;
using HpcFit.Coordinator.Reporting.Maps;
using HpcFit.Coordinator.Reporting.Maps.Geometry;
using HpcFit.Coordinator.Tables;
using HpcFit.EndToEnd.Tests.Harness;
using HpcFit.Shared.Surfaces;
using HpcFit.Tests;

namespace HpcFit.Coordinator.Tests.Reporting.Maps;

/// <summary>A study with effects in known places (described in make_map_study.py), and what nibabel reports about its grid.</summary>
internal sealed class MapStudy : IDisposable
{
    /// <summary>Above the noise of the study, below most of its effects.</summary>
    public const double Threshold = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly JsonElement _facts;

    public MapStudy(string kind = "voxels", string orientation = "RAS", int count = 0)
    {
        string[] more = count > 0 ? [$"{count}"] : [];
        _facts = Run("make_map_study.py", [_folder.Path, kind, orientation, .. more]);
        var bytes = File.ReadAllBytes(_folder.Combine("statistic"));
        Statistic = new double[bytes.Length / sizeof(double)];
        Buffer.BlockCopy(bytes, 0, Statistic, 0, bytes.Length);
    }

    /// <summary>Runs a script of this folder.</summary>
    /// <returns>The JSON that it prints.</returns>
    public static JsonElement Run(string script, params string[] arguments)
    {
        var end = PythonScript.Run(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reporting", "Maps", script)), arguments);
        end.ExitCode.ShouldBe(0, end.Errors);
        return JsonDocument.Parse(end.Output).RootElement;
    }

    public string Data => _folder.Combine("data.h5");

    public string Template => _folder.Combine("template.nii.gz");

    /// <summary>The same template 170 mm away.</summary>
    public string Elsewhere => _folder.Combine("elsewhere.nii.gz");

    public string Page => _folder.Combine("page.html");

    /// <summary>One value per element: noise below 1, an effect of 9 at the front, left and top, and one of -9 opposite of it.</summary>
    public double[] Statistic { get; }

    /// <summary>The element in the centre of the positive effect.</summary>
    public int Element => _facts.GetProperty("element").GetInt32();

    /// <summary>Its voxel.</summary>
    public int[] Voxel => [.. _facts.GetProperty("voxel").EnumerateArray().Select(one => one.GetInt32())];

    /// <summary>Its position.</summary>
    public double[] Millimetres => [.. _facts.GetProperty("millimetres").EnumerateArray().Select(one => one.GetDouble())];

    public MapGeometry Geometry(string? template = null)
    {
        var geometry = MapGeometry.Read(Data, Positions(null, Statistic.Length), Statistic.Length, template, out var problem);
        problem.ShouldBeNull();
        return geometry.ShouldNotBeNull();
    }

    /// <summary>The positions of some elements; null: of all.</summary>
    public ElementPositions Positions(double[]? ids, long rows) =>
        ElementPositions.Read(Data, ids, rows, allowsExternal: false, StructureSurfaces.None);

    /// <summary>The statistic as a signed map.</summary>
    public MapColumn Map(string title = "Age: t") => new("Age.statistic", title, Statistic, IsSigned: true) { Threshold = Threshold };

    public void Dispose() => _folder.Dispose();
}
