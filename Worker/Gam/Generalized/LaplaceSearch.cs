using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// Newton's method on <see cref="LaplaceCriterion"/> with exact derivatives, from a start that depends on the design and the element only.
/// Steps are bounded and halved until they improve; a term whose criterion decreases towards infinity ends at its upper bound, fully
/// smoothed. A workspace; not thread-safe.
/// </summary>
/// <remarks>Wood 2011, §6.2; Nocedal and Wright 2006, §3.4.</remarks>
internal sealed class LaplaceSearch
{
    private const int MaxIterations = 200;
    private const int MaxHalvings = 40;
    private const double GradientTolerance = 1e-10;
    private const double LongestStep = 4;

    /// <summary>The step below which the next Newton step, which doubles the digits, would be less than rounding error.</summary>
    private const double ShortestStep = 1e-8;

    /// <summary>The largest gradient with which a search may end because rounding hides any improvement.</summary>
    private const double AcceptedGradient = 1e-6;

    /// <summary>Degrees of freedom of a term that its penalty has all but removed.</summary>
    private const double NearLimit = 0.02;

    /// <summary>The largest deviation of the second derivative from that of exp(-t), relative to the first, near such a limit.</summary>
    private const double MaxBend = 0.05;

    /// <summary>Bounds of ϑ: beyond the upper one a negative binomial is a Poisson distribution to rounding error.</summary>
    private const double LowestShape = -20,
        HighestShape = 20;

    private readonly GeneralizedDesign _design;
    private readonly GamFamily _family;
    private readonly int _m;
    private readonly int _count;
    private readonly double[] _gradient,
        _hessian,
        _trial,
        _step,
        _lower,
        _upper,
        _weights;
    private readonly DescentDirection _direction;

    /// <summary>Creates the workspace.</summary>
    public LaplaceSearch(GeneralizedDesign design, GamFamily family)
    {
        (_design, _family) = (design, family);
        Criterion = new(design, family);
        (_m, _count) = (design.Penalties.Count, Criterion.Count);
        (Parameters, _gradient, _trial, _step, _lower, _upper) = (
            new double[_count],
            new double[_count],
            new double[_count],
            new double[_count],
            new double[_count],
            new double[_count]
        );
        _hessian = new double[_count * _count];
        _weights = new double[design.Rows];
        _direction = new(_count);
    }

    /// <summary>The criterion, at the optimum after a search.</summary>
    public LaplaceCriterion Criterion { get; }

    /// <summary>log λ of the penalties, then ϑ, at the optimum.</summary>
    public double[] Parameters { get; }

    /// <summary>The criterion at the optimum.</summary>
    public double Value { get; private set; }

    /// <summary>Whether the last search failed because the coefficients at its start grow without limit.</summary>
    public bool IsSeparated { get; private set; }

    /// <summary>Minimises for an element; false: no convergence.</summary>
    /// <param name="responses">One value per row; must stay valid until the next element.</param>
    public bool Run(double[] responses)
    {
        if (!Criterion.Start(responses, _family.StartingShape))
            return false;
        SetRange();
        Value = Criterion.Evaluate(Parameters, _gradient, _hessian);
        IsSeparated = double.IsNaN(Value) && Criterion.Fit.IsSeparated;
        if (double.IsNaN(Value))
            return false;
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            HoldBounds();
            if (LargestGradient() <= GradientTolerance)
                return true;
            if (SetStep() <= ShortestStep)
                return true;
            if (!TryStep())
                return LargestGradient() <= AcceptedGradient;
        }
        return false;
    }

    /// <summary>
    /// Start and bounds: those of the design for weights of 1, moved by the mean weight with which the element's rows enter H.
    /// </summary>
    private void SetRange()
    {
        Criterion.Fit.WriteExpectedWeights(_weights);
        var mean = 0.0;
        foreach (var weight in _weights)
            mean += weight / _design.Counted;
        var shift = mean > 0 && double.IsFinite(mean) ? ReproducibleMath.Log(mean) : 0;
        var range = _design.Columns.Search;
        for (var j = 0; j < _m; j++)
        {
            var isFixed = _design.Columns.FixedParameters[j] >= 0;
            Parameters[j] = range.StartLogs[j] + (isFixed ? 0 : shift);
            _lower[j] = SmoothnessSearch.LowestLog + shift;
            _upper[j] = Math.Max(range.UpperLogs[j] + shift, Parameters[j]);
        }
        if (_family.HasShape)
            (Parameters[_m], _lower[_m], _upper[_m]) = (_family.StartingShape, LowestShape, HighestShape);
    }

    /// <summary>Excludes fixed parameters, and those at a bound, from the step.</summary>
    private void HoldBounds()
    {
        for (var j = 0; j < _count; j++)
        {
            var isHeld =
                (j < _m && _design.Columns.FixedParameters[j] >= 0)
                || (Parameters[j] >= _upper[j] && _gradient[j] < 0)
                || (Parameters[j] <= _lower[j] && _gradient[j] > 0);
            if (!isHeld)
                continue;
            _gradient[j] = 0;
            for (var k = 0; k < _count; k++)
                _hessian[(j * _count) + k] = _hessian[(k * _count) + j] = 0;
            _hessian[(j * _count) + j] = 1;
        }
    }

    private double LargestGradient()
    {
        var largest = 0.0;
        foreach (var value in _gradient)
            largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    /// <summary>Sets the step; returns the absolute value of its longest coordinate.</summary>
    private double SetStep()
    {
        if (!_direction.TryNewton(_gradient, _hessian, _step))
            _direction.AlongAxes(_gradient, _hessian, LongestStep, _step);
        var longest = 0.0;
        foreach (var length in _step)
            longest = Math.Max(longest, Math.Abs(length));
        if (longest > LongestStep)
            for (var j = 0; j < _count; j++)
                _step[j] *= LongestStep / longest;
        for (var j = 0; j < _m; j++)
        {
            if (!IsAtLimit(j))
                continue;
            _step[j] = _upper[j] - Parameters[j];
            longest = Math.Max(longest, _step[j]);
        }
        return longest;
    }

    /// <summary>
    /// Whether the criterion decreases towards a limit at infinity: the penalty has removed all but a trace of its term, and the criterion
    /// falls like exp(-t) as all such penalties grow by t. Newton's steps would all be 1 there.
    /// </summary>
    private bool IsAtLimit(int j)
    {
        if (!IsNearLimit(j))
            return false;
        var curvature = 0.0;
        for (var k = 0; k < _m; k++)
            if (IsNearLimit(k))
                curvature += _hessian[(j * _count) + k];
        return Math.Abs(curvature + _gradient[j]) <= MaxBend * -_gradient[j];
    }

    private bool IsNearLimit(int j) =>
        _gradient[j] < 0 && Parameters[j] < _upper[j] && Math.Abs(Criterion.RemainingDegrees[j]) <= NearLimit;

    private bool TryStep()
    {
        var rounding = 1e-13 * Math.Max(Math.Abs(Value), _design.Rows);
        for (var halving = 0; halving < MaxHalvings; halving++)
        {
            for (var j = 0; j < _count; j++)
                _trial[j] = Math.Clamp(Parameters[j] + _step[j], _lower[j], _upper[j]);
            var value = Criterion.Evaluate(_trial, _gradient, _hessian);
            if (value <= Value + rounding)
            {
                Value = value;
                _trial.CopyTo(Parameters, 0);
                return true;
            }
            for (var j = 0; j < _count; j++)
                _step[j] /= 2;
        }
        Value = Criterion.Evaluate(Parameters, _gradient, _hessian);
        HoldBounds();
        return false;
    }
}
