using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// An element's response in a model with blocked effects: its residuals within groups and along the groups' directions, at any
/// coefficients c = (u, γ) of the other columns, u from least squares. A workspace.
/// </summary>
internal sealed class BlockedResponse
{
    private readonly BlockedEffects _effects;
    private readonly int _free;
    private readonly double[] _start; // f with 0 for unpenalised coordinates
    private readonly double[] _target; // of the part within groups
    private readonly double[] _values; // along the directions, before the other columns
    private readonly double[] _scratch;
    private readonly double[] _mapped;
    private double _total;

    /// <summary>Creates the workspace.</summary>
    /// <param name="effects">The effects.</param>
    /// <param name="free">The number of unpenalised coordinates.</param>
    public BlockedResponse(BlockedEffects effects, int free)
    {
        (_effects, _free) = (effects, free);
        (_start, _scratch) = (new double[effects.Dimension], new double[effects.Dimension]);
        (_target, _mapped) = (new double[effects.Forms.Size], new double[effects.Forms.Size]);
        (_values, Residuals, Whitened) = (new double[effects.Directions], new double[effects.Directions], new double[effects.Directions]);
    }

    /// <summary>The squares of residuals within groups.</summary>
    public double Within { get; private set; }

    /// <summary>r along the directions.</summary>
    public double[] Residuals { get; }

    /// <summary>C⁻¹ r.</summary>
    public double[] Whitened { get; }

    /// <summary>Takes an element.</summary>
    /// <param name="input">Its projections and sums.</param>
    public void Start(ReadOnlySpan<double> input)
    {
        var d = _effects.Dimension;
        input[_free..d].CopyTo(_start.AsSpan(_free));
        var sums = input[(d + 1)..];
        // Qᵀe = 0, so that the products within groups are minus those along the directions.
        _scratch.AsSpan().Clear();
        for (var i = 0; i < _values.Length; i++)
            FixedOrder.Add(-sums[i], _effects.Sums.Row(i), _scratch);
        _total = input[d];
        Array.Clear(_target);
        for (var i = 0; i < d; i++)
        {
            var own = FixedOrder.Dot(_effects.Within.Row(i), _start);
            _total += _start[i] * ((2 * _scratch[i]) + own);
            FixedOrder.Add(_scratch[i] + own, _effects.ToBasis.Row(i), _target.AsSpan(0, d));
        }
        for (var i = 0; i < _values.Length; i++)
            _values[i] = sums[i] + FixedOrder.Dot(_effects.Sums.Row(i), _start);
    }

    /// <summary>The right side of the equations of c.</summary>
    public void Target(ClassCovariances classes, Span<double> target)
    {
        _target.CopyTo(target);
        Whiten(classes, _values);
        AddProducts(Whitened, target);
    }

    /// <summary>Sets residuals at coefficients.</summary>
    public void Evaluate(ClassCovariances classes, ReadOnlySpan<double> coordinates)
    {
        var d = _effects.Dimension;
        FixedOrder.Combine(coordinates, _effects.Forms.Within.Values, _mapped);
        Within = _total;
        for (var i = 0; i < d; i++)
            Within += coordinates[i] * (_mapped[i] - (2 * _target[i]));
        Within = Math.Max(Within, 0);
        for (var i = 0; i < Residuals.Length; i++)
            Residuals[i] = _values[i] - FixedOrder.Dot(_effects.Mapped.Row(i), coordinates);
        Whiten(classes, Residuals);
    }

    /// <summary>Adds <c>Fᵀ x</c>.</summary>
    public void AddProducts(ReadOnlySpan<double> x, Span<double> target)
    {
        for (var i = 0; i < x.Length; i++)
            FixedOrder.Add(x[i], _effects.Mapped.Row(i), target[.._effects.Dimension]);
    }

    private void Whiten(ClassCovariances classes, double[] values)
    {
        foreach (var (k, first) in _effects.Groups)
        {
            var rank = _effects.Triangles[k].Rows;
            SmallMatrix.Apply(classes.Inverses[k], values.AsSpan(first, rank), Whitened.AsSpan(first, rank));
        }
    }
}
