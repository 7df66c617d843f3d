using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Tests.Gam;

/// <summary>Fits responses given as they are, not by their projections.</summary>
internal static class ResponseFits
{
    /// <summary>Fits a response on the design's rows, offset taken off, not weighted.</summary>
    public static bool FitResponse(this ElementFit fit, double[] response)
    {
        var (projections, rest) = Project(fit.Design, response);
        return fit.Fit(projections, rest);
    }

    /// <summary>A response's projections on the design, with the sums of an absorbed effect, and the squares that they leave.</summary>
    public static (double[] Projections, double Left) Project(GamDesign design, double[] response)
    {
        var input = new double[design.InputLength];
        var projections = input.AsSpan(0, design.Dimension);
        double[] rest = [.. response.Select((y, i) => design.Weights is { } w ? y * Math.Sqrt(w[i]) : y)];
        for (var i = 0; i < rest.Length; i++)
        for (var j = 0; j < projections.Length; j++)
            projections[j] += design.Projector[(i * projections.Length) + j] * rest[i];
        if (design.Absorbed is { } effect)
            new AbsorbedSums(effect).Append(rest, input);
        for (var i = 0; i < rest.Length; i++)
        for (var j = 0; j < projections.Length; j++)
            rest[i] -= design.Projector[(i * projections.Length) + j] * projections[j];
        return (input, rest.Sum(v => v * v));
    }
}
