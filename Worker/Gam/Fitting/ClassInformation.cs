using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// The information <c>J + Λ</c>, <c>J = W + Σ v A</c>, of coefficients from which an absorbed effect has been eliminated: inverse, log
/// determinant, and derivatives in θ = log κ, with <c>dv/dθ = v (1 - v)</c>. A workspace.
/// </summary>
/// <param name="forms">W and A.</param>
/// <param name="size">The number of coefficients.</param>
internal sealed class ClassInformation(ClassForms forms, int size)
{
    private readonly ScaledInverse _inverse = new(size);
    private readonly DenseMatrix _information = new(size, size);
    private readonly DenseMatrix _turned = new(size, size);

    /// <summary>∂J/∂θ.</summary>
    public DenseMatrix Slope { get; } = new(size, size);

    /// <summary>∂²J/∂θ².</summary>
    public DenseMatrix Bend { get; } = new(size, size);

    /// <summary>J.</summary>
    public DenseMatrix Data => _information;

    /// <summary><c>C ∂J C</c>, C the inverse: the part of <c>C J C</c> that passes through the absorbed effect.</summary>
    public DenseMatrix Spread { get; } = new(size, size);

    /// <summary>tr(C ∂J).</summary>
    public double SlopeTrace { get; private set; }

    /// <summary>tr(C ∂²J).</summary>
    public double BendTrace { get; private set; }

    /// <summary>tr(C ∂J C ∂J).</summary>
    public double SquareTrace { get; private set; }

    /// <summary>A row of C.</summary>
    public ReadOnlySpan<double> Inverse(int row) => _inverse.Row(row);

    /// <summary>Evaluates everything; returns log|J + Λ|, NaN if it is singular.</summary>
    /// <param name="kept">v per class.</param>
    /// <param name="penalty">The diagonal of Λ.</param>
    public double Evaluate(ReadOnlySpan<double> kept, ReadOnlySpan<double> penalty)
    {
        forms.Within.Values.CopyTo(_information.Values, 0);
        Array.Clear(Slope.Values);
        Array.Clear(Bend.Values);
        for (var k = 0; k < kept.Length; k++)
        {
            var (v, slope) = (kept[k], kept[k] * (1 - kept[k]));
            var form = forms.Between[k].Values;
            FixedOrder.Add(v, form, _information.Values);
            FixedOrder.Add(slope, form, Slope.Values);
            FixedOrder.Add(slope * (1 - (2 * v)), form, Bend.Values);
        }
        var determinant = _inverse.Invert(_information, penalty);
        if (double.IsNaN(determinant))
            return double.NaN;
        Array.Clear(_turned.Values);
        Array.Clear(Spread.Values);
        BendTrace = 0;
        for (var i = 0; i < size; i++)
        {
            var row = _inverse.Row(i);
            for (var l = 0; l < size; l++)
                FixedOrder.Add(row[l], Slope.Row(l), _turned.Row(i));
            BendTrace += FixedOrder.Dot(row, Bend.Row(i));
        }
        SlopeTrace = 0;
        for (var i = 0; i < size; i++)
        {
            for (var l = 0; l < size; l++)
                FixedOrder.Add(_turned[i, l], _inverse.Row(l), Spread.Row(i));
            SlopeTrace += _turned[i, i];
        }
        SquareTrace = FixedOrder.Dot(Spread.Values, Slope.Values);
        return determinant;
    }

    /// <summary>C x.</summary>
    public void Solve(ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < size; i++)
            result[i] = FixedOrder.Dot(_inverse.Row(i), x);
    }
}
