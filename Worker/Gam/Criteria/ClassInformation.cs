using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The information <c>J + Λ</c>, <c>J = W + Σ v A</c>, of coefficients from which an absorbed effect has been eliminated: inverse, log
/// determinant, and derivatives in θ = log κ, with <c>dv/dθ = v (1 - v)</c>. A workspace.
/// </summary>
/// <param name="forms">W and A, padded.</param>
internal sealed class ClassInformation(ClassForms forms)
{
    private readonly ScaledInverse _inverse = new(forms.Size);
    private readonly DenseMatrix _turned = new(forms.Size, forms.Size); // C ∂J
    private readonly DenseMatrix _spread = new(forms.Size, forms.Size);
    private bool _isSpread;

    /// <summary>J.</summary>
    public DenseMatrix Data { get; } = new(forms.Size, forms.Size);

    /// <summary>∂J/∂θ.</summary>
    public DenseMatrix Slope { get; } = new(forms.Size, forms.Size);

    /// <summary>tr(C ∂J), C the inverse.</summary>
    public double SlopeTrace { get; private set; }

    /// <summary>tr(C ∂²J).</summary>
    public double BendTrace { get; private set; }

    /// <summary>tr(C ∂J C ∂J).</summary>
    public double SquareTrace { get; private set; }

    /// <summary>A row of C.</summary>
    public ReadOnlySpan<double> Inverse(int row) => _inverse.Row(row);

    /// <summary><c>C ∂J C</c>: the part of <c>C J C</c> that passes through the absorbed effect.</summary>
    public DenseMatrix Spread()
    {
        for (var i = 0; i < forms.Size && !_isSpread; i++)
            FixedOrder.Combine(_turned.Row(i), _inverse.Values, _spread.Row(i));
        _isSpread = true;
        return _spread;
    }

    /// <summary>Its diagonal.</summary>
    public double SpreadAt(int i) => FixedOrder.Dot(_turned.Row(i), _inverse.Row(i));

    /// <summary>Evaluates J and the inverse; returns log|J + Λ|, NaN if it is singular.</summary>
    /// <param name="kept">v per class.</param>
    /// <param name="penalty">The diagonal of Λ, 1 in the padding.</param>
    public double Evaluate(ReadOnlySpan<double> kept, ReadOnlySpan<double> penalty)
    {
        forms.Within.Values.CopyTo(Data.Values, 0);
        for (var k = 0; k < kept.Length; k++)
            FixedOrder.Add(kept[k], forms.Between[k].Values, Data.Values);
        return _inverse.Invert(Data, penalty);
    }

    /// <summary>Evaluates the derivatives where <see cref="Evaluate"/> was called last.</summary>
    /// <param name="kept">v per class.</param>
    public void Differentiate(ReadOnlySpan<double> kept)
    {
        _isSpread = false;
        Array.Clear(Slope.Values);
        (SlopeTrace, BendTrace) = (0, 0);
        for (var k = 0; k < kept.Length; k++)
        {
            var (slope, form) = (kept[k] * (1 - kept[k]), forms.Between[k].Values);
            FixedOrder.Add(slope, form, Slope.Values);
            var trace = slope * FixedOrder.Dot(_inverse.Values, form);
            SlopeTrace += trace;
            BendTrace += trace * (1 - (2 * kept[k]));
        }
        SquareTrace = 0;
        for (var i = 0; i < forms.Size; i++)
        {
            var row = _turned.Row(i);
            FixedOrder.Combine(_inverse.Row(i), Slope.Values, row);
            var column = _turned.Values.AsSpan(i);
            var sum = 0.0;
            for (int j = 0, at = 0; j < i; j++, at += row.Length)
                sum += row[j] * column[at];
            SquareTrace += (2 * sum) + (row[i] * row[i]);
        }
    }

    /// <summary>C x.</summary>
    /// <param name="x">Without or with the padding.</param>
    /// <param name="result">As many values as are wanted.</param>
    public void Solve(ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = FixedOrder.Dot(x, _inverse.Row(i)[..x.Length]);
    }

    /// <summary>C x, of padded vectors.</summary>
    public void SolvePadded(ReadOnlySpan<double> x, Span<double> result) => FixedOrder.Combine(x, _inverse.Values, result);
}
