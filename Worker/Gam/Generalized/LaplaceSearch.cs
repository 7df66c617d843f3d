using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// The smoothing parameters, and the shape, of an element of another family than the normal one: <see cref="NewtonDescent"/> on
/// <see cref="LaplaceCriterion"/>, from a start that depends on the design and the element only. A workspace; not thread-safe.
/// </summary>
internal sealed class LaplaceSearch
{
    /// <summary>Bounds of ϑ: beyond the upper one a negative binomial is a Poisson distribution to rounding error.</summary>
    private const double LowestShape = -20,
        HighestShape = 20;

    private readonly GeneralizedDesign _design;
    private readonly GamFamily _family;
    private readonly NewtonDescent _descent;
    private readonly double[] _weights;
    private readonly double[] _start;
    private readonly OtherStarts? _others;

    /// <summary>Creates the workspace.</summary>
    public LaplaceSearch(GeneralizedDesign design, GamFamily family)
    {
        (_design, _family) = (design, family);
        Criterion = new(design, family);
        _descent = new(Criterion.Count, design.Columns.FixedParameters);
        (_weights, _start) = (new double[design.Rows], new double[Criterion.Count]);
        _others = OtherStarts.For(design.Columns, _start, _descent.Upper, alsoTogether: true);
    }

    /// <summary>The criterion, at the optimum after a search.</summary>
    public LaplaceCriterion Criterion { get; }

    /// <summary>log λ of the penalties, then ϑ, at the optimum.</summary>
    public double[] Parameters => _descent.Point;

    /// <summary>The criterion at the optimum.</summary>
    public double Value => _descent.Value;

    /// <summary>Whether the last search failed because the coefficients at its start grow without limit.</summary>
    public bool IsSeparated { get; private set; }

    /// <summary>Minimises for an element; false: no convergence.</summary>
    /// <param name="responses">One value per row; must stay valid until the next element.</param>
    public bool Run(double[] responses)
    {
        if (!Criterion.Start(responses, _family.StartingShape))
            return false;
        SetRange();
        _descent.Evaluate(Criterion);
        IsSeparated = double.IsNaN(Value) && Criterion.Fit.IsSeparated;
        if (double.IsNaN(Value))
            return false;
        var converged = _descent.Run(Criterion, magnitude: _design.Rows);
        return _others is null ? converged : TryOthers(converged);
    }

    /// <summary>
    /// Descends from other points as well, and ends at the best minimum. False: none of the searches converged.
    /// </summary>
    private bool TryOthers(bool converged)
    {
        _others!.Begin(Parameters, Value, converged);
        while (_others.Next(Parameters))
        {
            _descent.Evaluate(Criterion);
            if (!double.IsNaN(Value) && _descent.Run(Criterion, magnitude: _design.Rows))
                _others.Accept(Parameters, Value);
        }
        _others.End(Parameters);
        _descent.Evaluate(Criterion);
        _descent.HoldBounds();
        return _others.HasMinimum && !double.IsNaN(Value);
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
        var penalties = _design.Penalties.Count;
        for (var j = 0; j < penalties; j++)
        {
            var isFixed = _design.Columns.FixedParameters[j] >= 0;
            Parameters[j] = range.StartLogs[j] + (isFixed ? 0 : shift);
            _descent.Lower[j] = SmoothnessSearch.LowestLog + shift;
            _descent.Upper[j] = Math.Max(range.UpperLogs[j] + shift, Parameters[j]);
        }
        if (_family.HasShape)
            (Parameters[penalties], _descent.Lower[penalties], _descent.Upper[penalties]) = (
                _family.StartingShape,
                LowestShape,
                HighestShape
            );
        Parameters.CopyTo(_start, 0);
    }
}
