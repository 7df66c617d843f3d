using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The penalised deviance of a model with eliminated effects at its minimum over the coefficients, and its derivatives in the parameters
/// of V and Λ (<see cref="BlockedCriterion"/>). A workspace of one thread.
/// </summary>
/// <remarks>
/// With Φ its value as a function of c and of the parameters, <c>∂c = -H⁻¹ a</c>, a half of ∂²Φ / ∂c ∂θ, and at the minimum the second
/// derivatives are those of Φ minus <c>2 aᵀH⁻¹a</c>.
/// </remarks>
internal sealed class BlockedDeviance
{
    private readonly BlockedEffects _effects;
    private readonly int _parameters;
    private readonly int _free;
    private readonly int _penalised;
    private readonly ClassCovariances _classes;
    private readonly PenaltyBlocks _penalties;
    private readonly BlockInformation _information;
    private readonly BlockedResponse _response;
    private readonly double[] _target;
    private readonly double[] _coordinates; // c
    private readonly double[][] _pulls; // a
    private readonly double[][] _slopes; // ∂c
    private readonly double[][] _changes; // per parameter of Ψ, ∂C C⁻¹ r along the directions
    private readonly double[] _half;
    private readonly double[] _other;

    /// <summary>Creates the workspace.</summary>
    /// <param name="design">The design, with blocked effects.</param>
    /// <param name="classes">The covariances of the groups.</param>
    /// <param name="penalties">The penalties.</param>
    /// <param name="information">H of <paramref name="design"/>.</param>
    public BlockedDeviance(GamDesign design, ClassCovariances classes, PenaltyBlocks penalties, BlockInformation information)
    {
        (_effects, _classes, _penalties, _information) = (design.Blocks!, classes, penalties, information);
        (_parameters, _free, _penalised) = (design.PenaltyCount, design.UnpenalisedCount, design.Dimension - design.UnpenalisedCount);
        var size = _effects.Forms.Size;
        _response = new(_effects, _free);
        (_target, _coordinates) = (new double[size], new double[size]);
        _pulls = [.. Enumerable.Range(0, _parameters).Select(_ => new double[size])];
        _slopes = [.. Enumerable.Range(0, _parameters).Select(_ => new double[size])];
        _changes = [.. _effects.Entries.Select(_ => new double[_effects.Directions])];
        (_half, _other) = (new double[_effects.Directions], new double[_effects.Directions]);
    }

    /// <summary>c at the minimum: the unpenalised coordinates' change from least squares, then γ.</summary>
    public ReadOnlySpan<double> Coordinates => _coordinates;

    /// <summary>The deviance.</summary>
    public double Deviance { get; private set; }

    /// <summary>The penalised deviance.</summary>
    public double PenalisedDeviance { get; private set; }

    private ReadOnlySpan<double> Coefficients => _coordinates.AsSpan(_free, _penalised);

    /// <summary>Takes an element.</summary>
    /// <param name="f">Its projections, with the sums of the effects.</param>
    public void Start(ReadOnlySpan<double> f) => _response.Start(f);

    /// <summary>Finds the minimum where the covariances, the penalties and the information were evaluated last.</summary>
    /// <param name="gradient">Receives the derivatives of the penalised deviance.</param>
    /// <param name="hessian">Receives the second derivatives, row-major.</param>
    public void Evaluate(Span<double> gradient, Span<double> hessian)
    {
        Minimise();
        SetSlopes(gradient);
        SetCurvatures(hessian);
    }

    /// <summary>The product of the derivatives of the fitted values in two parameters.</summary>
    public double FittedSlopes(int j, int k)
    {
        var sum = 0.0;
        for (var i = 0; i < _free + _penalised; i++)
            sum += _slopes[j][i] * FixedOrder.Dot(_effects.Forms.Within.Row(i), _slopes[k]);
        SetFittedSlope(j, _half);
        SetFittedSlope(k, _other);
        return sum + FixedOrder.Dot(_half, _other);
    }

    /// <summary>Σ over rows of the effects' part of the fitted values.</summary>
    public double SumOfEffects()
    {
        var sum = 0.0;
        for (var i = 0; i < _effects.Directions; i++)
            sum += _effects.Totals[i] * (_response.Residuals[i] - _response.Whitened[i]);
        return sum;
    }

    private void Minimise()
    {
        _response.Target(_classes, _target);
        _information.SolvePadded(_target, _coordinates);
        _response.Evaluate(_classes, _coordinates);
        Deviance = _response.Within + FixedOrder.Dot(_response.Whitened, _response.Whitened);
        PenalisedDeviance = _response.Within + FixedOrder.Dot(_response.Residuals, _response.Whitened);
        for (var i = 0; i < Coefficients.Length; i++)
        for (var j = 0; j < Coefficients.Length; j++)
            if (i == j || !_penalties.IsDiagonal)
                PenalisedDeviance += Coefficients[i] * _penalties.At(i, j) * Coefficients[j];
    }

    private void SetSlopes(Span<double> gradient)
    {
        for (var j = 0; j < _parameters; j++)
        {
            var pull = _pulls[j];
            Array.Clear(pull);
            if (_effects.EntryOf(j) is >= 0 and var entry)
            {
                var change = _changes[entry];
                foreach (var (k, first) in _effects.Groups)
                {
                    var rank = _effects.Triangles[k].Rows;
                    SmallMatrix.Apply(_classes.Slope(k, entry), _response.Whitened.AsSpan(first, rank), change.AsSpan(first, rank));
                    SmallMatrix.Apply(_classes.Inverses[k], change.AsSpan(first, rank), _half.AsSpan(first, rank));
                }
                _response.AddProducts(_half, pull);
                gradient[j] = -FixedOrder.Dot(_response.Whitened, change);
            }
            else
            {
                FixedOrder.Combine(_coordinates, _information.Slopes[j].Values, pull);
                gradient[j] = FixedOrder.Dot(pull, _coordinates);
            }
            _information.SolvePadded(pull, _slopes[j]);
            for (var i = 0; i < _slopes[j].Length; i++)
                _slopes[j][i] = -_slopes[j][i];
        }
    }

    private void SetCurvatures(Span<double> hessian)
    {
        for (var j = 0; j < _parameters; j++)
        for (var k = 0; k <= j; k++)
        {
            var value = 2 * FixedOrder.Dot(_pulls[j], _slopes[k]);
            var (a, b) = (_effects.EntryOf(j), _effects.EntryOf(k));
            if (a >= 0 && b >= 0)
                value += OfCovariances(a, b);
            else if (a < 0 && b < 0)
                value += _penalties.BendTrace(j, k, new(Coefficients, 0, 0));
            hessian[(j * _parameters) + k] = hessian[(k * _parameters) + j] = value;
        }
    }

    /// <summary>The second derivative of <c>rᵀV⁻¹r</c> at fixed coefficients.</summary>
    private double OfCovariances(int a, int b)
    {
        var sum = 0.0;
        foreach (var (k, first) in _effects.Groups)
        {
            var rank = _effects.Triangles[k].Rows;
            ReadOnlySpan<double> whitened = _response.Whitened.AsSpan(first, rank),
                one = _changes[a].AsSpan(first, rank),
                other = _changes[b].AsSpan(first, rank);
            var bend = _classes.Bend(k, Math.Max(a, b), Math.Min(a, b));
            for (var i = 0; i < rank; i++)
            for (var l = 0; l < rank; l++)
                sum += (2 * one[i] * _classes.Inverses[k][(i * rank) + l] * other[l]) - (whitened[i] * bend[(i * rank) + l] * whitened[l]);
        }
        return sum;
    }

    /// <summary>The derivative of the fitted values along the directions of the groups.</summary>
    private void SetFittedSlope(int parameter, double[] target)
    {
        foreach (var (k, first) in _effects.Groups)
        {
            var rank = _effects.Triangles[k].Rows;
            for (var a = 0; a < rank; a++)
            {
                var sum = 0.0;
                for (var b = 0; b < rank; b++)
                {
                    var own = FixedOrder.Dot(_effects.Mapped.Row(first + b), _slopes[parameter]);
                    if (_effects.EntryOf(parameter) is >= 0 and var entry)
                        own += _changes[entry][first + b];
                    sum += _classes.Inverses[k][(a * rank) + b] * own;
                }
                target[first + a] = sum;
            }
        }
    }
}
