namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Newton's method on the criterion with exact derivatives, from where <see cref="InitialSearch"/> leads. Steps are bounded and halved
/// until they improve; a term whose criterion falls for ever ends at its upper bound, fully smoothed.
/// </summary>
/// <remarks>Nocedal and Wright 2006, §3.4 and §6.2; Wood 2011, §6.2.</remarks>
internal sealed class SmoothnessSearch(GamDesign design, SmoothnessCriterion criterion)
{
    private const int MaxIterations = 200;
    private const double GradientTolerance = 1e-10;
    private const double LongestStep = 4;

    /// <summary>What Newton's method, doubling its digits, would still change less than rounding does.</summary>
    private const double ShortestStep = 1e-8;

    /// <summary>The least log λ tried.</summary>
    public const double LowestLog = -40;

    private readonly int m = design.PenaltyCount;
    private readonly double[] gradient = new double[design.PenaltyCount];
    private readonly double[] hessian = new double[design.PenaltyCount * design.PenaltyCount];
    private readonly double[] trial = new double[design.PenaltyCount];
    private readonly double[] step = new double[design.PenaltyCount];
    private readonly DescentDirection direction = new(design.PenaltyCount);
    private readonly BoundaryDetector tail = new(design, criterion);
    private readonly InitialSearch approach = new(design, criterion);

    /// <summary>Log smoothing parameters at the end.</summary>
    public double[] Rho { get; } = new double[design.PenaltyCount];

    /// <summary>The criterion at the end (GCV and GACV: its logarithm).</summary>
    public double Value { get; private set; }

    /// <summary>The criterion's Hessian at the end, m × m; unit rows where a parameter is fixed or at its bound.</summary>
    public ReadOnlySpan<double> Hessian => hessian;

    /// <summary>Minimises for an element; afterwards <c>criterion</c> stands at the optimum. False: no convergence.</summary>
    public bool Run(ReadOnlySpan<double> f, double residual)
    {
        if (!approach.Run(f, residual, Rho)) return false;
        Value = approach.EndsWhereMeasured ? criterion.Repeat(gradient, hessian) : criterion.Evaluate(f, residual, Rho, gradient, hessian);
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            HoldBounds();
            if (LargestGradient() <= GradientTolerance) return true;
            if (NewtonStep() <= ShortestStep) return true;
            if (!TryStep(f, residual)) return LargestGradient() <= 1e-6;
        }
        return false;
    }

    /// <summary>Takes fixed parameters, and those that push against a bound, out of the step.</summary>
    private void HoldBounds()
    {
        for (var j = 0; j < m; j++)
        {
            var isHeld = design.FixedParameters[j] >= 0
                || (Rho[j] >= design.Search.UpperLogs[j] && gradient[j] < 0) || (Rho[j] <= LowestLog && gradient[j] > 0);
            if (!isHeld) continue;
            gradient[j] = 0;
            for (var k = 0; k < m; k++) hessian[j * m + k] = hessian[k * m + j] = 0;
            hessian[j * m + j] = 1;
        }
    }

    private double LargestGradient()
    {
        var largest = 0.0;
        foreach (var value in gradient) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    /// <summary>Sets the step; answers how far its longest coordinate goes.</summary>
    private double NewtonStep()
    {
        if (!direction.TryNewton(gradient, hessian, step)) direction.AlongAxes(gradient, hessian, LongestStep, step);
        var longest = 0.0;
        foreach (var length in step) longest = Math.Max(longest, Math.Abs(length));
        if (longest > LongestStep)
            for (var j = 0; j < m; j++) step[j] *= LongestStep / longest;
        for (var j = 0; j < m; j++)
        {
            if (!tail.Holds(j, Rho, gradient, hessian)) continue;
            step[j] = design.Search.UpperLogs[j] - Rho[j];
            longest = Math.Max(longest, step[j]);
        }
        return longest;
    }

    private bool TryStep(ReadOnlySpan<double> f, double residual)
    {
        var before = Value;
        // A likelihood is a difference of terms in proportion to the rows, and can be about 0 itself.
        var rounding = 1e-13 * Math.Max(Math.Abs(before), design.Method.IsLikelihood() ? design.Rows : 0);
        for (var halving = 0; halving < 40; halving++)
        {
            for (var j = 0; j < m; j++) trial[j] = Math.Clamp(Rho[j] + step[j], LowestLog, Math.Max(design.Search.UpperLogs[j], design.Search.StartLogs[j]));
            var value = criterion.Evaluate(f, residual, trial, gradient, hessian);
            if (value <= before + rounding)
            {
                Value = value;
                trial.CopyTo(Rho, 0);
                return true;
            }
            for (var j = 0; j < m; j++) step[j] /= 2;
        }
        Value = criterion.Evaluate(f, residual, Rho, gradient, hessian);
        HoldBounds();
        return false;
    }
}
