using System.Text.Json;
using HpcFit.Shared.Cohort;

namespace HpcFit.Worker.Tests.Mixed;

/// <summary>
/// The data of cases/make_many.R, from the same generator: Park and Miller's minimal standard one (1988), whose products are exact in
/// double precision, and sums in the same order.
/// </summary>
internal sealed class ManyGroups
{
    private const double Modulus = 2147483647;

    private double _state;

    private ManyGroups(double seed) => _state = seed;

    /// <summary>Columns id, site and x.</summary>
    public CohortTable Cohort { get; private set; } = null!;

    /// <summary>The response.</summary>
    public double[] Response { get; private set; } = [];

    /// <summary>The data of a case.</summary>
    public static ManyGroups Of(JsonElement json)
    {
        var data = new ManyGroups(json.GetProperty("seed").GetDouble());
        data.Make(Number("groups"), Number("smallest"), Number("largest"), Number("sites"));
        return data;

        int Number(string name) => json.GetProperty(name).GetInt32();
    }

    private void Make(int groups, int smallest, int largest, int sites)
    {
        var ofSites = new double[sites];
        for (var s = 0; s < sites; s++)
            ofSites[s] = Bell();
        var (id, site, x, y) = (new List<string>(), new List<string>(), new List<double>(), new List<double>());
        for (var g = 0; g < groups; g++)
        {
            var size = smallest + (int)(Uniform() * (largest - smallest + 1));
            var s = (int)(Uniform() * sites);
            var (level, slope) = (Bell(), Bell());
            for (var r = 0; r < size; r++)
            {
                id.Add($"p{g}");
                site.Add($"s{s}");
                x.Add(Uniform() * 4);
                y.Add(0.5 + (0.3 * x[^1]) + level + (0.25 * slope * x[^1]) + (0.5 * ofSites[s]) + Bell());
            }
        }
        Cohort = new(
            "cohort.csv",
            [new TextColumn("id", [.. id]), new TextColumn("site", [.. site]), new NumericColumn("x", [.. x], true)]
        );
        Response = [.. y];
    }

    private double Uniform()
    {
        _state = 16807 * _state % Modulus;
        return _state / Modulus;
    }

    private double Bell()
    {
        double a = Uniform(),
            b = Uniform(),
            c = Uniform(),
            d = Uniform();
        return a + b + (c + d) - 2;
    }
}
