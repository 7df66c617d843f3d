using HpcFit.Worker.Enhancing;
using HpcFit.Worker.Enhancing.Trees;

namespace HpcFit.Worker.Tests.Enhancing;

/// <summary>TFCE as each program's documentation and paper define it: level after level, sign after sign, by flood fill.</summary>
internal static class SlowTfce
{
    public static double[] Enhance(FloodFill space, float[] map, TfceParameters form, MapPeaks unpermuted)
    {
        var positive = OneSign(space, map, form, unpermuted.Maximum, map.Min(Finite), 1);
        var negative = OneSign(space, [.. map.Select(value => -value)], form, -unpermuted.Minimum, -map.Max(Finite), -1);
        return [.. positive.Zip(negative, map).Select(all => float.IsNaN(all.Third) ? double.NaN : all.First + all.Second)];
    }

    private static float Finite(float value) => float.IsNaN(value) ? 0 : value;

    private static double[] OneSign(FloodFill space, float[] map, TfceParameters form, float unpermuted, float lowest, int sign)
    {
        var scores = new double[map.Length];
        var highest = Math.Max(0, map.Max(Finite));
        foreach (var (height, factor, isStrict) in Levels(map, form, highest, unpermuted, Math.Max(highest, -lowest)))
        {
            foreach (var cluster in space.Clusters(element => isStrict ? map[element] > height : map[element] >= height))
            {
                foreach (var element in cluster)
                    scores[element] += sign * Math.Pow(cluster.Count, form.E) * factor;
            }
        }
        return scores;
    }

    private static IEnumerable<(double Height, double Factor, bool IsStrict)> Levels(
        float[] map,
        TfceParameters form,
        float highest,
        float unpermuted,
        float largest
    )
    {
        switch (form.Form)
        {
            case TfceForm.Exact:
                // Clusters change at the values of the map only; between two of them the integral of h^H is known.
                var below = 0.0;
                foreach (double value in map.Where(value => value > 0).Distinct().Order())
                {
                    yield return (value, (Math.Pow(value, form.H + 1) - Math.Pow(below, form.H + 1)) / (form.H + 1), false);
                    below = value;
                }
                break;
            case TfceForm.MRtrix:
                for (var h = form.Step; h < highest + 1; h += form.Step)
                    yield return ((float)h, Math.Pow(h, form.H), true);
                break;
            case TfceForm.Fsl:
                var delta = unpermuted / 100f;
                for (var h = delta; delta > 0 && h < highest; h += delta)
                    yield return (h, Math.Pow(h, form.H), true);
                break;
            case TfceForm.Palm:
                for (var k = 1; k <= 100 && highest > 0; k++)
                    yield return (Level(highest, k), Math.Pow(Level(highest, k), form.H) * highest / 100, false);
                break;
            default:
                for (var k = 1; k <= 100 && largest > 0; k++)
                    yield return (Level(largest, k), Math.Pow(Level(largest, k), form.H), false);
                break;
        }
    }

    /// <summary>numpy.linspace and MATLAB's colon end at the maximum itself.</summary>
    private static double Level(float maximum, int k) => k == 100 ? maximum : k * ((double)maximum / 100);
}
