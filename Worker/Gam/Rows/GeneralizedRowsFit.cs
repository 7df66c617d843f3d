using HpcFit.Shared.Elements;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Fitting;
using HpcFit.Worker.Gam.Generalized;

namespace HpcFit.Worker.Gam.Rows;

/// <summary>Fits elements of a family other than the normal one with the same rows.</summary>
internal sealed class GeneralizedRowsFit : IRowsFit
{
    private readonly GamFamily _family;
    private readonly GeneralizedFit[] _fits;
    private readonly bool[] _isFitted;
    private readonly double[] _responses;
    private readonly NullDeviance _null;

    /// <summary>A workspace for a model.</summary>
    public GeneralizedRowsFit(RowsModel model)
    {
        Model = model;
        var generalized = model.Generalized!;
        _family = generalized.Family;
        _fits = [.. generalized.Designs.Select(design => new GeneralizedFit(design, _family))];
        _isFitted = new bool[_fits.Length];
        _responses = new double[model.Rows.Length];
        _null = new(generalized.Designs[0], generalized.Null, _family);
    }

    /// <inheritdoc/>
    public RowsModel Model { get; }

    /// <inheritdoc/>
    public ElementFit Fit => _fits[0].Working;

    /// <inheritdoc/>
    public bool HasFit => _isFitted[0];

    /// <inheritdoc/>
    public bool IsConstant { get; private set; }

    /// <inheritdoc/>
    public double Deviance => _fits[0].Deviance;

    /// <inheritdoc/>
    public double NullDeviance => _null.Compute(_responses, _fits[0].Shape);

    /// <inheritdoc/>
    public double Theta => _family.HasShape ? ReproducibleMath.Exp(_fits[0].Shape) : double.NaN;

    /// <inheritdoc/>
    public double Criterion => _fits[0].Criterion;

    /// <inheritdoc/>
    public double LogLikelihood => _fits[0].LogLikelihood;

    /// <inheritdoc/>
    public double Aic => (-2 * LogLikelihood) + (2 * _fits[0].LikelihoodDegrees());

    /// <inheritdoc/>
    public double Bic =>
        (-2 * LogLikelihood) + (ReproducibleMath.Log(Model.Generalized!.Designs[0].Counted) * _fits[0].LikelihoodDegrees());

    /// <inheritdoc/>
    public ElementStatus Take(ReadOnlySpan<double> transformed)
    {
        IsConstant = true;
        var weights = Model.Generalized!.Designs[0].Weights;
        for (var i = 0; i < _responses.Length; i++)
        {
            _responses[i] = transformed[Model.Rows[i]];
            if (!double.IsFinite(_responses[i]) || (weights[i] > 0 && !_family.Accepts(_responses[i], weights[i])))
                return ElementStatus.InvalidValue;
            IsConstant &= _responses[i] == _responses[0];
        }
        IsConstant &= _family.HasScale || _responses[0] == 0 || (_family.IsOfProbabilities && _responses[0] == 1);
        return ElementStatus.Fitted;
    }

    /// <inheritdoc/>
    public ElementStatus Solve()
    {
        var status = ElementStatus.Fitted;
        for (var d = 0; d < _fits.Length; d++)
        {
            _isFitted[d] = _fits[d].Fit(_responses);
            if (!_isFitted[d])
                status = _fits[d].IsSeparated ? ElementStatus.Separation : ElementStatus.NoConvergence;
        }
        return status;
    }

    /// <inheritdoc/>
    public bool HasReduced(int reduced) => _isFitted[reduced + 1];

    /// <inheritdoc/>
    public double AdjustedRSquared(int design) => _fits[design].AdjustedRSquared();

    /// <inheritdoc/>
    public double PartialRSquared(int reduced)
    {
        var without = ResidualSquares(reduced + 1);
        return (without - ResidualSquares(0)) / without;
    }

    /// <summary>Σ (y - μ)² of a design, as ModelArray measures it for every family.</summary>
    private double ResidualSquares(int design)
    {
        var means = _fits[design].Means;
        var squares = 0.0;
        for (var i = 0; i < means.Length; i++)
            squares += (_responses[i] - means[i]) * (_responses[i] - means[i]);
        return squares;
    }
}
