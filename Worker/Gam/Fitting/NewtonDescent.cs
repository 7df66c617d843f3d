namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Newton's method with exact derivatives within bounds. Steps are bounded and halved until they improve; a term whose criterion decreases
/// towards infinity ends at its upper bound, fully smoothed. A workspace; not thread-safe.
/// </summary>
/// <param name="count">The number of parameters: log λ of the penalties, then others.</param>
/// <param name="fixedParameters">λ per penalty if fixed; negative: estimated.</param>
/// <remarks>Nocedal and Wright 2006, §3.4 and §6.2; Wood 2011, §6.2.</remarks>
internal sealed class NewtonDescent(int count, double[] fixedParameters)
{
    private const int MaxIterations = 200;
    private const int MaxHalvings = 40;
    private const double GradientTolerance = 1e-10;
    private const double LongestStep = 4;

    /// <summary>The step below which the next Newton step, which doubles the digits, would be less than rounding error.</summary>
    private const double ShortestStep = 1e-8;

    /// <summary>The largest gradient with which a descent may end because rounding hides any improvement.</summary>
    private const double AcceptedGradient = 1e-6;

    private readonly double[] _trial = new double[count];
    private readonly double[] _step = new double[count];
    private readonly DescentDirection _direction = new(count);
    private readonly BoundaryDetector _tail = new(fixedParameters.Length);

    /// <summary>The point of the last evaluation; afterwards the minimum.</summary>
    public double[] Point { get; } = new double[count];

    /// <summary>The lower bounds.</summary>
    public double[] Lower { get; } = new double[count];

    /// <summary>The upper bounds.</summary>
    public double[] Upper { get; } = new double[count];

    /// <summary>The gradient at the point; 0 where a parameter is fixed or at its bound.</summary>
    public double[] Gradient { get; } = new double[count];

    /// <summary>The Hessian at the point, row by row; unit rows where a parameter is fixed or at its bound.</summary>
    public double[] Hessian { get; } = new double[count * count];

    /// <summary>The criterion at the point.</summary>
    public double Value { get; set; }

    /// <summary>Evaluates the criterion at the point.</summary>
    public void Evaluate<TCriterion>(TCriterion criterion)
        where TCriterion : IDescended, allows ref struct => Value = criterion.Evaluate(Point, Gradient, Hessian);

    /// <summary>
    /// Newton's steps from the point of the last evaluation; afterwards the criterion has been evaluated at the point. False: no
    /// convergence.
    /// </summary>
    /// <param name="criterion">What is minimised.</param>
    /// <param name="magnitude">The magnitude of the terms whose difference the criterion is, if that is larger than the
    /// criterion.</param>
    public bool Run<TCriterion>(TCriterion criterion, double magnitude)
        where TCriterion : IDescended, allows ref struct
    {
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            HoldBounds();
            if (LargestGradient() <= GradientTolerance)
                return true;
            if (SetStep(criterion.RemainingDegrees) <= ShortestStep)
                return true;
            if (!TryStep(criterion, magnitude))
                return LargestGradient() <= AcceptedGradient;
        }
        return false;
    }

    /// <summary>Excludes fixed parameters, and those at a bound, from the step.</summary>
    public void HoldBounds()
    {
        for (var j = 0; j < count; j++)
        {
            var isHeld =
                (j < fixedParameters.Length && fixedParameters[j] >= 0)
                || (Point[j] >= Upper[j] && Gradient[j] < 0)
                || (Point[j] <= Lower[j] && Gradient[j] > 0);
            if (!isHeld)
                continue;
            Gradient[j] = 0;
            for (var k = 0; k < count; k++)
                Hessian[(j * count) + k] = Hessian[(k * count) + j] = 0;
            Hessian[(j * count) + j] = 1;
        }
    }

    private double LargestGradient()
    {
        var largest = 0.0;
        foreach (var value in Gradient)
            largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    /// <summary>Sets the step; returns the absolute value of its longest coordinate.</summary>
    private double SetStep(ReadOnlySpan<double> degrees)
    {
        if (!_direction.TryNewton(Gradient, Hessian, _step))
            _direction.AlongAxes(Gradient, Hessian, LongestStep, _step);
        var longest = 0.0;
        foreach (var length in _step)
            longest = Math.Max(longest, Math.Abs(length));
        if (longest > LongestStep)
            for (var j = 0; j < count; j++)
                _step[j] *= LongestStep / longest;
        for (var j = 0; j < fixedParameters.Length; j++)
        {
            if (!_tail.Holds(j, Point, Upper, degrees, Gradient, Hessian))
                continue;
            _step[j] = Upper[j] - Point[j];
            longest = Math.Max(longest, _step[j]);
        }
        return longest;
    }

    private bool TryStep<TCriterion>(TCriterion criterion, double magnitude)
        where TCriterion : IDescended, allows ref struct
    {
        var rounding = 1e-13 * Math.Max(Math.Abs(Value), magnitude);
        for (var halving = 0; halving < MaxHalvings; halving++)
        {
            for (var j = 0; j < count; j++)
                _trial[j] = Math.Clamp(Point[j] + _step[j], Lower[j], Upper[j]);
            var value = criterion.Evaluate(_trial, Gradient, Hessian);
            if (value <= Value + rounding)
            {
                Value = value;
                _trial.CopyTo(Point, 0);
                return true;
            }
            for (var j = 0; j < count; j++)
                _step[j] /= 2;
        }
        Evaluate(criterion);
        HoldBounds();
        return false;
    }
}
