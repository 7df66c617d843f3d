using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>Where searches for the smoothing parameters of a design start and how far they go: the same for every element.</summary>
internal sealed class SearchRange
{
    /// <summary>Edf of a term at its upper bound of λ, beyond which it counts as fully smoothed.</summary>
    private const double SmallestDegrees = 1e-10;

    /// <summary>What penalised coefficients keep of their degrees of freedom, at least, where searches start.</summary>
    private const double MinKept = 0.4;

    /// <summary>A penalty's diagonal below this part of its size is rounding.</summary>
    private const double Rounding = 1e-10;

    private readonly GamDesign _design;

    /// <summary>Finds it. The design's matrices, places and fixed parameters are there.</summary>
    public SearchRange(GamDesign design)
    {
        this._design = design;
        StartLogs = Starts();
        UpperLogs = [.. Enumerable.Range(0, design.PenaltyCount).Select(UpperLog)];
    }

    /// <summary>By penalty: log λ where every element starts.</summary>
    public double[] StartLogs { get; }

    /// <summary>By penalty: the largest log λ tried.</summary>
    public double[] UpperLogs { get; }

    /// <summary>
    /// Where data and penalties weigh alike, lowered by tens until the penalised coefficients keep four tenths of a degree of freedom on
    /// average: where mgcv's searches start.
    /// </summary>
    private double[] Starts()
    {
        double[] starts = [.. Enumerable.Range(0, _design.PenaltyCount).Select(StartLog)];
        if (_design.FixedParameters.All(parameter => parameter >= 0))
            return starts;
        var coefficients = PenalisedCoefficients();
        while (KeptAt(starts, coefficients) < MinKept)
            for (var j = 0; j < starts.Length; j++)
                if (_design.FixedParameters[j] < 0)
                    starts[j] -= ReproducibleMath.Log(10);
        return starts;
    }

    /// <summary>Where data and penalty weigh alike on the penalised coefficients.</summary>
    private double StartLog(int penalty)
    {
        if (_design.FixedParameters[penalty] >= 0)
            return ReproducibleMath.Log(Math.Max(_design.FixedParameters[penalty], double.Epsilon * 1e16));
        var place = _design.Smooths.Last(s => s.FirstPenalty <= penalty && s.Smooth.Penalties.Count > 0);
        var matrix = place.Smooth.Penalties[penalty - place.FirstPenalty];
        var size = matrix.InfinityNorm();
        double data = 0,
            wiggle = 0;
        for (var i = 0; i < place.Count; i++)
        {
            if (matrix[i, i] <= Rounding * size)
                continue;
            wiggle += matrix[i, i];
            for (var r = 0; r < _design.Rows; r++)
                data += _design.X[r, place.First + i] * _design.X[r, place.First + i];
        }
        return ReproducibleMath.Log(data / wiggle);
    }

    /// <summary>
    /// By coefficient of a smooth with penalties: its diagonal of XᵀX, and of each penalty from the first on, 0 where only rounding is
    /// left.
    /// </summary>
    private List<(double Data, int FirstPenalty, double[] Penalties)> PenalisedCoefficients()
    {
        var coefficients = new List<(double, int, double[])>();
        foreach (var place in _design.Smooths)
        {
            double[] least = [.. place.Smooth.Penalties.Select(penalty => Rounding * penalty.InfinityNorm())];
            for (var i = 0; i < place.Count; i++)
            {
                var data = 0.0;
                for (var r = 0; r < _design.Rows; r++)
                    data += _design.X[r, place.First + i] * _design.X[r, place.First + i];
                coefficients.Add(
                    (
                        data,
                        place.FirstPenalty,
                        [.. place.Smooth.Penalties.Select((penalty, j) => penalty[i, i] > least[j] ? penalty[i, i] : 0)]
                    )
                );
            }
        }
        return coefficients;
    }

    /// <summary>The mean over penalised coefficients of the share that the data has of their diagonal of XᵀX + S.</summary>
    private static double KeptAt(double[] logs, List<(double Data, int FirstPenalty, double[] Penalties)> coefficients)
    {
        double sum = 0,
            count = 0;
        foreach (var (data, first, penalties) in coefficients)
        {
            var wiggle = 0.0;
            for (var j = 0; j < penalties.Length; j++)
                wiggle += ReproducibleMath.Exp(logs[first + j]) * penalties[j];
            if (wiggle <= 0 || data <= 0)
                continue;
            sum += data / (data + wiggle);
            count++;
        }
        return count > 0 ? sum / count : 1;
    }

    private double UpperLog(int penalty)
    {
        var root = _design.RootOf(penalty);
        double degrees = 0,
            unprojected = 0;
        for (var i = 0; i < _design.PenalisedCount; i++)
        {
            var wiggle = 0.0;
            for (var r = 0; r < root.Rows; r++)
                wiggle += root[r, i] * root[r, i];
            if (wiggle <= 0)
                continue;
            degrees += _design.Gram[i, i] / wiggle;
            if (_design.MlFactor is not { } factor)
                continue;
            for (var r = 0; r < factor.Rows; r++)
                unprojected += factor[r, i] * factor[r, i] / wiggle;
        }
        // ML goes on smoothing a term of which unpenalised columns leave nothing: it does not project them out.
        if (degrees <= Rounding * unprojected)
            degrees = unprojected;
        return Math.Max(StartLogs[penalty], ReproducibleMath.Log(Math.Max(degrees, 1e-300) / SmallestDegrees));
    }
}
