using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>Start and bounds of the search for a design's smoothing parameters: the same for every element.</summary>
internal sealed class SearchRange
{
    /// <summary>Edf of a term at its upper bound of λ, beyond which it counts as fully smoothed.</summary>
    private const double SmallestDegrees = 1e-10;

    /// <summary>The minimum average effective degrees of freedom per penalised coefficient at the start.</summary>
    private const double MinKept = 0.4;

    /// <summary>A penalty's diagonal entries below this fraction of its norm are rounding error.</summary>
    private const double Rounding = 1e-10;

    /// <summary>The smallest log λ tried.</summary>
    public const double LowestLog = -40;

    /// <summary>The largest entry of a factor of covariances, relative to the residuals' standard deviation.</summary>
    private const double LargestCovariance = 1e6;

    private readonly GamDesign _design;

    /// <summary>Computes the range. The design's matrices, positions and fixed parameters must be set.</summary>
    public SearchRange(GamDesign design)
    {
        this._design = design;
        StartLogs = Starts();
        UpperLogs = [.. Enumerable.Range(0, design.PenaltyCount).Select(UpperLog)];
    }

    /// <summary>Per penalty: log λ at the start of every element.</summary>
    public double[] StartLogs { get; }

    /// <summary>Per penalty: the largest log λ tried.</summary>
    public double[] UpperLogs { get; }

    /// <summary>The smallest value of a parameter tried.</summary>
    public double Lowest(int parameter) => parameter < _design.FirstCovariance ? LowestLog : -LargestCovariance;

    /// <summary>
    /// The point at which data and penalties have equal weight, lowered by factors of ten until the penalised coefficients have at least
    /// 0.4 degrees of freedom on average: the start of mgcv's searches.
    /// </summary>
    private double[] Starts()
    {
        double[] starts = [.. Enumerable.Range(0, _design.PenaltyCount).Select(StartLog)];
        if (_design.FixedParameters.All(parameter => parameter >= 0))
            return starts;
        var coefficients = PenalisedCoefficients();
        while (KeptAt(starts, coefficients) < MinKept)
            for (var j = 0; j < starts.Length; j++)
                if (_design.FixedParameters[j] < 0 && j < _design.FirstCovariance)
                    starts[j] -= ReproducibleMath.Log(10);
        return starts;
    }

    /// <summary>
    /// The point at which data and penalty have equal weight on the penalised coefficients; of a penalty of several smooths the mean.
    /// </summary>
    private double StartLog(int penalty)
    {
        if (_design.FixedParameters[penalty] >= 0)
            return ReproducibleMath.Log(Math.Max(_design.FixedParameters[penalty], double.Epsilon * 1e16));
        double sum = 0,
            count = 0;
        if (penalty >= _design.FirstCovariance)
            return 0;
        if (EffectOf(penalty) is { Effects: { } blocks, Index: var effect })
            return ReproducibleMath.Log(blocks.SquaresOf(effect, 0).Own / _design.Smooths[blocks.Smooths[effect]].Count);
        if (IsAbsorbed(penalty))
            return ReproducibleMath.Log(_design.Absorbed!.GroupMass.Sum() / (Levels * _design.Absorbed.PenaltyScale));
        foreach (var place in _design.SmoothsOf(penalty))
        {
            sum += StartLog(place, place.Smooth.Penalties[penalty - place.FirstPenalty]);
            count++;
        }
        return sum / count;
    }

    private double StartLog(PlacedSmooth place, DenseMatrix matrix)
    {
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
    /// Per coefficient of a penalised smooth: its diagonal entry of XᵀX and of each of the smooth's penalties, 0 if only rounding error.
    /// </summary>
    private List<(double Data, int FirstPenalty, double[] Penalties)> PenalisedCoefficients()
    {
        var coefficients = new List<(double, int, double[])>();
        foreach (var place in _design.Smooths.Where(place => !place.IsAbsorbed))
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
        foreach (var mass in _design.Absorbed?.GroupMass ?? [])
            coefficients.Add((mass, _design.Absorbed!.Penalty, [_design.Absorbed.PenaltyScale]));
        for (var effect = 0; effect < (_design.Blocks?.Effects ?? 0); effect++)
        {
            var place = _design.Smooths[_design.Blocks!.Smooths[effect]];
            for (var level = 0; level < place.Count; level++)
                coefficients.Add((_design.Blocks.SquaresOf(effect, 0).Own / place.Count, place.FirstPenalty, [1]));
        }
        return coefficients;
    }

    /// <summary>The mean over penalised coefficients of the data's fraction of the diagonal of XᵀX + S.</summary>
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
        if (penalty >= _design.FirstCovariance)
            return LargestCovariance;
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
        if (IsAbsorbed(penalty))
            (degrees, unprojected) = AbsorbedDegrees(_design.Absorbed!);
        if (EffectOf(penalty) is { Effects: { } blocks, Index: var effect })
        {
            var (own, spanned) = blocks.SquaresOf(effect, _design.UnpenalisedCount);
            (degrees, unprojected) = (own - spanned, _design.MlFactor is null ? 0 : own);
        }
        // ML smooths further a term that is spanned by unpenalised columns, because it does not project them out.
        if (degrees <= Rounding * unprojected)
            degrees = unprojected;
        return Math.Max(StartLogs[penalty], ReproducibleMath.Log(Math.Max(degrees, 1e-300) / SmallestDegrees));
    }

    /// <summary>The blocked effect with a penalty.</summary>
    private (BlockedEffects? Effects, int Index) EffectOf(int penalty)
    {
        for (var effect = 0; effect < (_design.Blocks?.Effects ?? 0); effect++)
            if (_design.Smooths[_design.Blocks!.Smooths[effect]].FirstPenalty == penalty)
                return (_design.Blocks, effect);
        return (null, 0);
    }

    private bool IsAbsorbed(int penalty) => _design.Absorbed?.Penalty == penalty;

    private int Levels => _design.Smooths[_design.Absorbed!.Smooth].Count;

    /// <summary>The squared lengths of an absorbed effect's columns, without and with their part in the unpenalised ones.</summary>
    private (double Projected, double Own) AbsorbedDegrees(AbsorbedEffect effect)
    {
        var own = effect.GroupMass.Sum();
        var spanned = 0.0;
        for (var k = 0; k < effect.Classes; k++)
        for (var i = 0; i < _design.UnpenalisedCount; i++)
            spanned += effect.Masses[k] * effect.Between[k][i, i];
        return ((own - spanned) / effect.PenaltyScale, _design.MlFactor is null ? 0 : own / effect.PenaltyScale);
    }
}
