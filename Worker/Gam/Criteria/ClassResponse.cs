using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// An element's response in a model with an absorbed effect: within groups and per class, its squares and their first derivatives in the
/// coordinates c = (u, γ) of the other columns. Prepared once per element, evaluated at any coefficients. A workspace.
/// </summary>
/// <remarks>
/// u counts from least squares and γ from 0. With t the products with the columns, the squares at c are <c>q - 2 tᵀc + cᵀA c</c>, and
/// half their derivative is <c>-(t - A c)</c>.
/// </remarks>
internal sealed class ClassResponse
{
    private readonly AbsorbedEffect _effect;
    private readonly int _free;
    private readonly int _size;
    private readonly double[] _targets; // t within, then per class
    private readonly double[] _totals; // q within, then per class
    private readonly double[] _pulls; // t - A c
    private readonly double[] _start; // f with 0 for unpenalised coordinates
    private readonly double[] _scratch;
    private readonly double[] _mapped;

    /// <summary>Creates the workspace.</summary>
    /// <param name="effect">The effect.</param>
    /// <param name="free">The number of unpenalised coordinates.</param>
    public ClassResponse(AbsorbedEffect effect, int free)
    {
        (_effect, _free, _size) = (effect, free, effect.Forms.Size);
        (_targets, _pulls) = (new double[(effect.Classes + 1) * _size], new double[(effect.Classes + 1) * _size]);
        (_totals, Squares) = (new double[effect.Classes + 1], new double[effect.Classes + 1]);
        (_start, _scratch, Rest) = (new double[effect.Dimension], new double[effect.Dimension], new double[effect.Dimension]);
        _mapped = new double[_size];
    }

    /// <summary>The squares of residuals within groups, then per class between them, at the last coefficients.</summary>
    public double[] Squares { get; }

    /// <summary>The part of the residuals in Q's coordinates, before the absorbed effect (<see cref="SetRest"/>).</summary>
    public double[] Rest { get; }

    /// <summary><c>t - A c</c> of a class at the last coefficients, padded.</summary>
    public ReadOnlySpan<double> Pull(int k) => _pulls.AsSpan((k + 1) * _size, _size);

    /// <summary>Takes an element.</summary>
    /// <param name="input">Its projections and sums.</param>
    public void Start(ReadOnlySpan<double> input)
    {
        int d = _effect.Dimension,
            classes = _effect.Classes;
        input[_free..d].CopyTo(_start.AsSpan(_free));
        var sums = input[d..];
        var squares = sums.Slice(1, classes);
        var crossed = sums.Slice(1 + (2 * classes), classes * d);
        // Qᵀr = 0, so that the sums within groups are minus those between them.
        _scratch.AsSpan().Clear();
        for (var k = 0; k < classes; k++)
            FixedOrder.Add(-1, crossed.Slice(k * d, d), _scratch);
        _totals[0] = sums[0] + AddForm(_effect.Within, _scratch, 0);
        for (var k = 0; k < classes; k++)
        {
            crossed.Slice(k * d, d).CopyTo(_scratch);
            _totals[k + 1] = squares[k] + AddForm(_effect.Between[k], _scratch, k + 1);
        }
    }

    /// <summary>The right side of the equations of c: <c>t within + Σ v t</c>.</summary>
    public void Target(ReadOnlySpan<double> kept, Span<double> target)
    {
        _targets.AsSpan(0, _size).CopyTo(target);
        for (var k = 0; k < kept.Length; k++)
            FixedOrder.Add(kept[k], _targets.AsSpan((k + 1) * _size, _size), target);
    }

    /// <summary>Sets <see cref="Squares"/> and pulls.</summary>
    public void Evaluate(ReadOnlySpan<double> coordinates)
    {
        for (var part = 0; part < _totals.Length; part++)
        {
            Span<double> target = _targets.AsSpan(part * _size, _size),
                pull = _pulls.AsSpan(part * _size, _size);
            var form = part == 0 ? _effect.Forms.Within : _effect.Forms.Between[part - 1];
            FixedOrder.Combine(coordinates, form.Values, _mapped);
            var square = _totals[part];
            for (var i = 0; i < _size; i++)
            {
                pull[i] = target[i] - _mapped[i];
                square -= coordinates[i] * (target[i] + pull[i]);
            }
            Squares[part] = Math.Max(square, 0);
        }
    }

    /// <summary>Sets <see cref="Rest"/> at the given coordinates.</summary>
    public void SetRest(ReadOnlySpan<double> coordinates)
    {
        for (var i = 0; i < Rest.Length; i++)
            Rest[i] = _start[i] - FixedOrder.Dot(_effect.ToBasis.Row(i), coordinates);
    }

    /// <summary>Stores Pᵀ(x + A f) of a part; returns <c>2 xᵀf + fᵀA f</c>.</summary>
    private double AddForm(DenseMatrix form, Span<double> x, int part)
    {
        var square = 0.0;
        var target = _targets.AsSpan(part * _size, _size);
        target.Clear();
        for (var i = 0; i < x.Length; i++)
        {
            var own = FixedOrder.Dot(form.Row(i), _start);
            square += _start[i] * ((2 * x[i]) + own);
            FixedOrder.Add(x[i] + own, _effect.ToBasis.Row(i), target[..x.Length]);
        }
        return square;
    }
}
