using HpcFit.Worker.Families;

namespace HpcFit.Worker.Generalized;

/// <summary>The deviance of the model with the intercept alone, or without coefficients. A workspace of one thread.</summary>
internal sealed class NullModel
{
    private readonly Family _family;
    private readonly bool _hasIntercept;
    private readonly double[] _means;
    private readonly double[] _logarithms;
    private readonly ObservedRows _intercept;
    private readonly IteratedFit _fit;
    private readonly WeightedFactors _solver;

    /// <summary>A workspace.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="family">The family, with the element's α where it has one.</param>
    public NullModel(GeneralizedEngine engine, Family family)
    {
        var subjects = engine.Subjects;
        (_family, _hasIntercept) = (family, engine.Design.HasIntercept);
        (_means, _logarithms) = (new double[subjects], new double[subjects]);
        _intercept = new(subjects, 1, engine.IsReference);
        _solver = new(subjects, 1, engine.IsReference);
        _fit = new(family, subjects, 1);
    }

    /// <summary>The deviance; NaN where the model has none.</summary>
    /// <param name="responses">One response per row.</param>
    /// <param name="rows">The rows.</param>
    public double Deviance(double[] responses, ObservedRows rows)
    {
        var n = rows.Rows;
        var weights = rows.Weight.AsSpan(0, n);
        if (!_hasIntercept)
            return AtOffset(responses, rows);
        if (!rows.HasOffset)
        {
            _means.AsSpan(0, n).Fill(WeightedMean(responses, weights));
            return _family.Deviance(responses.AsSpan(0, n), _means.AsSpan(0, n), weights, _logarithms);
        }
        _intercept.FactorIntercept(rows);
        return _fit.Fit(_intercept, responses, _solver) == Convergence.Converged ? _fit.Deviance : double.NaN;
    }

    private static double WeightedMean(double[] responses, ReadOnlySpan<double> weights)
    {
        double sum = 0,
            total = 0;
        for (var row = 0; row < weights.Length; row++)
        {
            sum += weights[row] * responses[row];
            total += weights[row];
        }
        return sum / total;
    }

    private double AtOffset(double[] responses, ObservedRows rows)
    {
        var deviance = 0.0;
        for (var row = 0; row < rows.Rows; row++)
        {
            if (!_family.Link.IsValid(rows.Offset[row]))
                return double.NaN;
            var (mean, _) = _family.Link.Invert(rows.Offset[row]);
            if (!_family.IsValidMean(mean))
                return double.NaN;
            deviance += rows.Weight[row] * _family.UnitDeviance(responses[row], mean);
        }
        return deviance;
    }
}
