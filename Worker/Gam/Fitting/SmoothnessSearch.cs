using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// The smoothing parameters of an element of the normal family: <see cref="NewtonDescent"/> from the point that
/// <see cref="InitialSearch"/> finds, and from others where a criterion is known to have several minima.
/// </summary>
internal sealed class SmoothnessSearch
{
    /// <summary>The smallest log λ tried.</summary>
    public const double LowestLog = SearchRange.LowestLog;

    private readonly SmoothnessCriterion _criterion;
    private readonly NewtonDescent _descent;
    private readonly InitialSearch _approach;
    private readonly IOtherStarts? _others;

    /// <summary>The magnitude of the terms of a likelihood, which can itself be near 0: proportional to the number of rows.</summary>
    private readonly double _magnitude;

    /// <summary>Creates the workspace for a design with at least one penalty.</summary>
    public SmoothnessSearch(GamDesign design, SmoothnessCriterion criterion)
    {
        _criterion = criterion;
        _descent = new(design.PenaltyCount, design.FixedParameters[..design.FirstCovariance]);
        for (var j = 0; j < design.PenaltyCount; j++)
            _descent.Lower[j] = design.Search.Lowest(j);
        design.Search.UpperLogs.CopyTo(_descent.Upper, 0);
        _approach = new(design, criterion);
        _others = design.Blocks is null ? OtherStarts.For(design) : new CorrelatedStarts(design);
        _magnitude = design.Method.IsLikelihood() ? design.Rows : 0;
    }

    /// <summary>Log smoothing parameters at the end.</summary>
    public double[] Rho => _descent.Point;

    /// <summary>The criterion at the end (GCV and GACV: its logarithm).</summary>
    public double Value => _descent.Value;

    /// <summary>The criterion's Hessian at the end, m × m; unit rows where a parameter is fixed or at its bound.</summary>
    public ReadOnlySpan<double> Hessian => _descent.Hessian;

    /// <summary>Minimises for an element; afterwards <c>criterion</c> has been evaluated at the optimum. False: no convergence.</summary>
    public bool Run(ReadOnlySpan<double> f, double residual)
    {
        _criterion.Start(f);
        if (!_approach.Run(f, residual, Rho))
            return false;
        var ofElement = new OfElement(_criterion, f, residual);
        if (_approach.EndsWhereMeasured)
        {
            _descent.Value = _criterion.Value;
            _criterion.Differentiate(_descent.Gradient, _descent.Hessian);
        }
        else
            _descent.Evaluate(ofElement);
        var converged = _descent.Run(ofElement, _magnitude);
        return _others is null ? converged : TryOthers(converged, ofElement);
    }

    /// <summary>
    /// Descends from other points as well, and ends at the best minimum. False: none of the searches converged.
    /// </summary>
    private bool TryOthers(bool converged, OfElement ofElement)
    {
        _others!.Begin(Rho, Value, converged);
        while (_others.Next(Rho))
        {
            _descent.Evaluate(ofElement);
            if (!double.IsNaN(Value) && _descent.Run(ofElement, _magnitude))
                _others.Accept(Rho, Value);
        }
        _others.End(Rho);
        _descent.Evaluate(ofElement);
        _descent.HoldBounds();
        return _others.HasMinimum;
    }

    /// <summary>The criterion of one element.</summary>
    private readonly ref struct OfElement(SmoothnessCriterion criterion, ReadOnlySpan<double> f, double residual) : IDescended
    {
        private readonly ReadOnlySpan<double> _f = f;

        public ReadOnlySpan<double> RemainingDegrees => criterion.DegreesGradient;

        public double Evaluate(ReadOnlySpan<double> point, Span<double> gradient, Span<double> hessian) =>
            criterion.Evaluate(_f, residual, point, gradient, hessian);
    }
}
