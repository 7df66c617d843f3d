using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Newton's method on the criterion with exact derivatives, from the point that <see cref="InitialSearch"/> finds. Steps are bounded and
/// halved until they improve; a term whose criterion decreases towards infinity ends at its upper bound, fully smoothed.
/// </summary>
/// <remarks>Nocedal and Wright 2006, §3.4 and §6.2; Wood 2011, §6.2.</remarks>
internal sealed class SmoothnessSearch(GamDesign design, SmoothnessCriterion criterion)
{
    private const int MaxIterations = 200;
    private const double GradientTolerance = 1e-10;
    private const double LongestStep = 4;

    /// <summary>The step below which the next Newton step, which doubles the digits, would be less than rounding error.</summary>
    private const double ShortestStep = 1e-8;

    /// <summary>The smallest log λ tried.</summary>
    public const double LowestLog = -40;

    private readonly int _m = design.PenaltyCount;
    private readonly double[] _gradient = new double[design.PenaltyCount];
    private readonly double[] _hessian = new double[design.PenaltyCount * design.PenaltyCount];
    private readonly double[] _trial = new double[design.PenaltyCount];
    private readonly double[] _step = new double[design.PenaltyCount];
    private readonly DescentDirection _direction = new(design.PenaltyCount);
    private readonly BoundaryDetector _tail = new(design, criterion);
    private readonly InitialSearch _approach = new(design, criterion);
    private readonly OtherStarts? _others = OtherStarts.For(design);

    /// <summary>Log smoothing parameters at the end.</summary>
    public double[] Rho { get; } = new double[design.PenaltyCount];

    /// <summary>The criterion at the end (GCV and GACV: its logarithm).</summary>
    public double Value { get; private set; }

    /// <summary>The criterion's Hessian at the end, m × m; unit rows where a parameter is fixed or at its bound.</summary>
    public ReadOnlySpan<double> Hessian => _hessian;

    /// <summary>Minimises for an element; afterwards <c>criterion</c> has been evaluated at the optimum. False: no convergence.</summary>
    public bool Run(ReadOnlySpan<double> f, double residual)
    {
        criterion.Start(f);
        if (!_approach.Run(f, residual, Rho))
            return false;
        Value = _approach.EndsWhereMeasured
            ? criterion.Repeat(_gradient, _hessian)
            : criterion.Evaluate(f, residual, Rho, _gradient, _hessian);
        var converged = Descend(f, residual);
        return _others is null ? converged : TryOthers(converged, f, residual);
    }

    /// <summary>
    /// Descends from other points as well, and ends at the best minimum. False: none of the searches converged.
    /// </summary>
    private bool TryOthers(bool converged, ReadOnlySpan<double> f, double residual)
    {
        _others!.Begin(Rho, Value, converged);
        while (_others.Next(Rho))
        {
            Value = criterion.Evaluate(f, residual, Rho, _gradient, _hessian);
            if (!double.IsNaN(Value) && Descend(f, residual))
                _others.Accept(Rho, Value);
        }
        _others.End(Rho);
        Value = criterion.Evaluate(f, residual, Rho, _gradient, _hessian);
        HoldBounds();
        return _others.HasMinimum;
    }

    /// <summary>Newton's steps from the point of the last evaluation. False: no convergence.</summary>
    private bool Descend(ReadOnlySpan<double> f, double residual)
    {
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            HoldBounds();
            if (LargestGradient() <= GradientTolerance)
                return true;
            if (NewtonStep() <= ShortestStep)
                return true;
            if (!TryStep(f, residual))
                return LargestGradient() <= 1e-6;
        }
        return false;
    }

    /// <summary>Excludes fixed parameters, and those at a bound, from the step.</summary>
    private void HoldBounds()
    {
        for (var j = 0; j < _m; j++)
        {
            var isHeld =
                design.FixedParameters[j] >= 0
                || (Rho[j] >= design.Search.UpperLogs[j] && _gradient[j] < 0)
                || (Rho[j] <= LowestLog && _gradient[j] > 0);
            if (!isHeld)
                continue;
            _gradient[j] = 0;
            for (var k = 0; k < _m; k++)
                _hessian[j * _m + k] = _hessian[k * _m + j] = 0;
            _hessian[j * _m + j] = 1;
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
    private double NewtonStep()
    {
        if (!_direction.TryNewton(_gradient, _hessian, _step))
            _direction.AlongAxes(_gradient, _hessian, LongestStep, _step);
        var longest = 0.0;
        foreach (var length in _step)
            longest = Math.Max(longest, Math.Abs(length));
        if (longest > LongestStep)
            for (var j = 0; j < _m; j++)
                _step[j] *= LongestStep / longest;
        for (var j = 0; j < _m; j++)
        {
            if (!_tail.Holds(j, Rho, _gradient, _hessian))
                continue;
            _step[j] = design.Search.UpperLogs[j] - Rho[j];
            longest = Math.Max(longest, _step[j]);
        }
        return longest;
    }

    private bool TryStep(ReadOnlySpan<double> f, double residual)
    {
        var before = Value;
        // A likelihood is a difference of terms proportional to the number of rows, and can itself be near 0.
        var rounding = 1e-13 * Math.Max(Math.Abs(before), design.Method.IsLikelihood() ? design.Rows : 0);
        for (var halving = 0; halving < 40; halving++)
        {
            for (var j = 0; j < _m; j++)
                _trial[j] = Math.Clamp(Rho[j] + _step[j], LowestLog, Math.Max(design.Search.UpperLogs[j], design.Search.StartLogs[j]));
            var value = criterion.Evaluate(f, residual, _trial, _gradient, _hessian);
            if (value <= before + rounding)
            {
                Value = value;
                _trial.CopyTo(Rho, 0);
                return true;
            }
            for (var j = 0; j < _m; j++)
                _step[j] /= 2;
        }
        Value = criterion.Evaluate(f, residual, Rho, _gradient, _hessian);
        HoldBounds();
        return false;
    }
}
