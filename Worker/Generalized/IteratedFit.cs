using HpcFit.Worker.Algebra;
using HpcFit.Worker.Families;

namespace HpcFit.Worker.Generalized;

/// <summary>
/// The maximum likelihood fit of one response on some rows, by iteratively reweighted least squares. A workspace of one thread.
/// </summary>
/// <remarks>
/// McCullagh and Nelder (1989), Generalized Linear Models, section 2.5, from R's starting means. A step is halved while a mean is invalid
/// or the deviance increases (Marschner 2011, The R Journal 3(2), 12-15). Iterations end when the predictors are exact to
/// <see cref="Precision"/>, given the rate at which their steps shrink: R's <c>glm</c> ends when the deviance changes by less than 1e-8.
/// </remarks>
/// <param name="family">The family.</param>
/// <param name="subjects">The maximum number of rows.</param>
/// <param name="columns">The maximum number of columns of the basis.</param>
internal sealed class IteratedFit(Family family, int subjects, int columns)
{
    private const int MaxIterations = 200;
    private const int MaxHalvings = 40;

    /// <summary>The accuracy of the predictors, relative to the largest, or to 1 for links without units.</summary>
    private const double Precision = 1e-11;

    /// <summary>Steps this small are accepted when rounding errors of the deviance prevent a decrease.</summary>
    private const double NearlyConverged = 1e-7;

    /// <summary>A relative increase of the deviance up to this is a rounding error.</summary>
    private const double Rounding = 1e-9;

    /// <summary>While the deviance changes by less than this, steps above <see cref="NearlyConverged"/> lead to infinity.</summary>
    private const double Stationary = 1e-10;

    /// <summary>Fitted means this near to 0 or 1 are those of separated responses.</summary>
    private const double Boundary = 1e-6;

    private readonly double[] _previous = new double[subjects];
    private readonly double[] _predictors = new double[subjects];
    private readonly double[] _means = new double[subjects];
    private readonly double[] _slopes = new double[subjects];
    private readonly double[] _variances = new double[subjects];
    private readonly double[] _weights = new double[subjects];
    private readonly double[] _scores = new double[subjects];
    private readonly double[] _work = new double[subjects];
    private readonly double[] _step = new double[columns];
    private readonly double[] _trial = new double[columns];
    private ObservedRows _rows = null!;
    private double[] _responses = [];
    private IWeightedSolver _solver = null!;

    /// <summary>The coordinates of the predictors on B.</summary>
    public double[] Coordinates { get; } = new double[columns];

    /// <summary>The fitted means.</summary>
    public ReadOnlySpan<double> Means => _means.AsSpan(0, _rows.Rows);

    /// <summary>The deviance.</summary>
    public double Deviance { get; private set; }

    /// <summary>Pearson's Σ w (y − μ)² / V(μ).</summary>
    public double PearsonSquares { get; private set; }

    /// <summary>Iterations of the last fit.</summary>
    public int Iterations { get; private set; }

    /// <summary>With B'WB = L L' at the fit, replaces b by L⁻¹ b.</summary>
    public void SolveLower(Span<double> values) => _solver.SolveLower(values);

    /// <summary>Fits.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="responses">One response per row, which the family accepts.</param>
    /// <param name="solver">Solves the least squares problems.</param>
    public Convergence Fit(ObservedRows rows, double[] responses, IWeightedSolver solver)
    {
        (_rows, _responses, _solver, Iterations) = (rows, responses, solver, 0);
        var started = StartFromResponses() ?? (StartFromMean() ? Convergence.Converged : Convergence.Failed);
        return started == Convergence.Converged ? Finish() : started;
    }

    /// <summary>Fits the responses of the last fit again, from its coordinates, after a parameter of the family has changed.</summary>
    public Convergence Continue() => Evaluate(Coordinates) ? Finish() : Convergence.Failed;

    private Convergence Finish()
    {
        var ended = Iterate();
        if (ended == Convergence.Converged && !family.Link.IsUnitFree && IsAt(Boundary * Boundary))
            return Convergence.Separated;
        return ended != Convergence.Converged ? ended
            : SolveStep(fromResponses: false) ? Convergence.Converged
            : Convergence.Unsolved;
    }

    /// <summary>The first step, from R's starting means; null: it leads to a mean that is invalid.</summary>
    private Convergence? StartFromResponses()
    {
        var n = _rows.Rows;
        for (var i = 0; i < n; i++)
            _means[i] = _predictors[i] = family.StartingMean(_responses[i], _rows.Weight[i]);
        family.Link.Apply(_predictors.AsSpan(0, n));
        for (var i = 0; i < n; i++)
            if (!family.Link.IsValid(_predictors[i]))
                return null;
        family.Link.Invert(_predictors.AsSpan(0, n), _means, _slopes);
        if (!SolveStep(fromResponses: true))
            return Convergence.Unsolved;
        _step.AsSpan(0, _rows.Rank).CopyTo(Coordinates);
        return Evaluate(Coordinates) ? Convergence.Converged : null;
    }

    /// <summary>Starts from the same mean for all rows, as far as the columns and the offset allow.</summary>
    private bool StartFromMean()
    {
        double sum = 0,
            total = 0;
        for (var i = 0; i < _rows.Rows; i++)
        {
            sum += _rows.Weight[i] * _responses[i];
            total += _rows.Weight[i];
        }
        var predictor = family.Link.Apply(sum / total);
        for (var i = 0; i < _rows.Rows; i++)
            _scores[i] = _rows.Weight[i] * (predictor - _rows.Offset[i]);
        return _solver.Solve(_rows, _rows.Weight.AsSpan(0, _rows.Rows), _scores.AsSpan(0, _rows.Rows), Coordinates)
            && Evaluate(Coordinates);
    }

    private Convergence Iterate()
    {
        var lastChange = double.NaN;
        for (Iterations = 1; Iterations <= MaxIterations; Iterations++)
        {
            var before = Deviance;
            if (!SolveStep(fromResponses: false))
                return IsAtBoundary() && lastChange > Math.Sqrt(NearlyConverged) ? Convergence.Separated : Convergence.Unsolved;
            _predictors.AsSpan(0, _rows.Rows).CopyTo(_previous);
            var isWhole = Halve(before, out var change, out var isAccepted);
            if (!isAccepted)
                return change <= NearlyConverged ? Restore() : Ended();
            var rate = change / lastChange;
            if (isWhole && (change <= Precision || (rate < 1 && change * rate / (1 - rate) <= Precision)))
                return Convergence.Converged;
            if (Math.Abs(before - Deviance) <= Stationary * (Math.Abs(Deviance) + 0.1) && Iterations > 2)
            {
                if (isWhole && change <= NearlyConverged && rate >= 1)
                    return Convergence.Converged;
                if (change > Math.Sqrt(NearlyConverged) && IsAtBoundary())
                    return Convergence.Separated;
            }
            lastChange = change;
        }
        return Ended();
    }

    private Convergence Ended() => IsAtBoundary() ? Convergence.Separated : Convergence.Failed;

    /// <summary>Returns to the last coordinates, from which no step decreases the deviance any more.</summary>
    private Convergence Restore() => Evaluate(Coordinates) ? Convergence.Converged : Convergence.Failed;

    /// <summary>Takes the step, or the largest of its halves that is valid and does not increase the deviance.</summary>
    /// <param name="before">The deviance before it.</param>
    /// <param name="change">The largest change of a predictor in the whole step, relative.</param>
    /// <param name="isAccepted">Whether a step was taken.</param>
    /// <returns>Whether the whole step was taken.</returns>
    private bool Halve(double before, out double change, out bool isAccepted)
    {
        (change, isAccepted) = (double.NaN, false);
        var factor = 1.0;
        for (var halvings = 0; halvings <= MaxHalvings; halvings++, factor /= 2)
        {
            for (var c = 0; c < _rows.Rank; c++)
                _trial[c] = Coordinates[c] + (factor * _step[c]);
            var isValid = Evaluate(_trial);
            if (halvings == 0)
                change = Change();
            if (!isValid || !(Deviance <= before + (Rounding * (Math.Abs(before) + 0.1))))
                continue;
            _trial.AsSpan(0, _rows.Rank).CopyTo(Coordinates);
            isAccepted = true;
            return halvings == 0;
        }
        Deviance = before;
        return false;
    }

    /// <summary>The largest change of a predictor, relative to the largest, or to 1 for links without units.</summary>
    private double Change()
    {
        double change = 0,
            size = family.Link.IsUnitFree ? 1 : 0;
        for (var i = 0; i < _rows.Rows; i++)
        {
            change = Math.Max(change, Math.Abs(_predictors[i] - _previous[i]));
            size = Math.Max(size, Math.Abs(_previous[i]));
        }
        return change / size;
    }

    private bool IsAtBoundary() => IsAt(Boundary);

    /// <summary>Whether a fitted probability is this near to 0 or 1, or a fitted count to 0, relative to the largest count.</summary>
    private bool IsAt(double distance)
    {
        if (!family.IsOfCounts && !family.IsOfProbabilities)
            return false;
        var scale = family.IsOfProbabilities ? 1 : Largest(_responses.AsSpan(0, _rows.Rows));
        foreach (var mean in Means)
            if (mean <= distance * scale || (family.IsOfProbabilities && 1 - mean <= distance))
                return true;
        return false;
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values)
            largest = Math.Max(largest, value);
        return largest;
    }

    /// <summary>Predictors, means and deviance of coordinates; false if a mean is invalid or the deviance infinite.</summary>
    private bool Evaluate(ReadOnlySpan<double> coordinates)
    {
        var n = _rows.Rows;
        var predictors = _predictors.AsSpan(0, n);
        _rows.Offset.AsSpan(0, n).CopyTo(predictors);
        for (var c = 0; c < _rows.Rank; c++)
            FixedOrder.Add(coordinates[c], _rows.Column(c), predictors);
        foreach (var predictor in predictors)
            if (!family.Link.IsValid(predictor))
                return false;
        family.Link.Invert(predictors, _means, _slopes);
        foreach (var mean in _means.AsSpan(0, n))
            if (!family.IsValidMean(mean))
                return false;
        Deviance = family.Deviance(_responses.AsSpan(0, n), _means.AsSpan(0, n), _rows.Weight.AsSpan(0, n), _work);
        return double.IsFinite(Deviance);
    }

    /// <summary>Working weights and scores at the current means, and the step to which they lead.</summary>
    /// <param name="fromResponses">Whether the means are the starting ones, which have no coordinates.</param>
    private bool SolveStep(bool fromResponses)
    {
        var n = _rows.Rows;
        family.Variance(_means.AsSpan(0, n), _variances);
        PearsonSquares = 0;
        for (var i = 0; i < n; i++)
        {
            var (prior, slope, deviation) = (_rows.Weight[i], _slopes[i], _responses[i] - _means[i]);
            var scaled = prior * slope / _variances[i];
            _weights[i] = scaled * slope;
            _scores[i] = scaled * deviation;
            PearsonSquares += prior * deviation / _variances[i] * deviation;
            if (fromResponses)
                _scores[i] += _weights[i] * (_predictors[i] - _rows.Offset[i]);
        }
        return _solver.Solve(_rows, _weights.AsSpan(0, n), _scores.AsSpan(0, n), _step);
    }
}
