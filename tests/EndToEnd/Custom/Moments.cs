using System.Globalization;
using HpcFit.Shared.Functions;

namespace HpcFit.EndToEnd.Tests.Custom;

/// <summary>functions/moments.csx as a built assembly: this one.</summary>
public sealed class Moments : IElementFunction
{
    public IEnumerable<KeyValuePair<string, double>> Fit(ElementData data)
    {
        var (x, age, k) = (data["FD"], data["Age"], int.Parse(data.Arguments["k"], CultureInfo.InvariantCulture));
        double mean = x.Sum() / x.Length,
            middle = age.Sum() / age.Length;
        double moment = 0,
            above = 0,
            below = 0;
        for (var i = 0; i < x.Length; i++)
        {
            moment += Math.Pow(x[i] - mean, k);
            above += (age[i] - middle) * (x[i] - mean);
            below += (age[i] - middle) * (age[i] - middle);
        }
        yield return new("mean", mean);
        yield return new("moment", moment / x.Length);
        yield return new("slope", above / below);
        yield return new("women", data.Texts("sex").Count(sex => sex == "F"));
        yield return new("draw", data.Random.NextDouble());
        yield return new("plain", data.Arguments["method"] == "plain" ? 1 : 0);
        yield return new("n", x.Length);
    }
}
