using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Testing;

/// <summary>
/// The test that an absorbed random effect has no variance (<see cref="VarianceComponentTest"/>). Within a class, all covariances of its
/// coefficients are a multiple of the identity plus a matrix of rank d at most: in axes that begin with the range of that matrix, which
/// depends on the design alone, there remains a problem of classes × d coefficients, and the other directions of a class have equal
/// weights. A workspace; not thread-safe.
/// </summary>
/// <remarks>
/// Wood 2013, Biometrika 100, 1005-1010, §3 for other random effects in the model (<see cref="NuisanceRandomEffects"/>): with O their
/// columns and λ their penalty, the other columns X have the metric <c>G = I + O λ⁻¹ Oᵀ</c> in the weight matrix of the statistic,
/// <c>D + B (G - I) Bᵀ - B G X (XᵀGX + Λ)⁻¹ XᵀG Bᵀ</c>.
/// </remarks>
internal sealed class AbsorbedEffectTest
{
    /// <summary>The eigenvalue of a class's form, at most 1, below which its direction counts as orthogonal to all columns.</summary>
    private const double SmallestEigenvalue = 1e-11;

    private readonly GamDesign _design;
    private readonly AbsorbedEffect _effect;
    private readonly AbsorbedCriterion _criterion;
    private readonly int _size;
    private readonly int[] _classOf; // per reduced coefficient
    private readonly int[] _left; // per class, the directions orthogonal to all columns
    private readonly DenseMatrix _axes; // reduced coefficients × d: what turns a class's sums into the response along an axis
    private readonly DenseMatrix _rows; // Q's products with the axes, as rows
    private readonly DenseMatrix _mapped; // the same in (u, γ)
    private readonly int[] _nuisance; // coordinates in γ
    private readonly int[] _kept; // coordinates in (u, γ)
    private readonly DenseMatrix _nuisanceColumns; // in Q's coordinates, as rows
    private readonly DenseMatrix _keptColumns;
    private readonly ScaledInverse _inverse;
    private readonly DenseMatrix _metric,
        _seen,
        _solved,
        _change,
        _information;
    private readonly double[] _keptPenalty;
    private readonly DenseMatrix _covariance,
        _frequentist,
        _weight,
        _root,
        _fitted,
        _scaled,
        _half;
    private readonly double[] _coefficients,
        _response,
        _bulk;
    private readonly VarianceComponentTest _test;

    /// <summary>Prepares the test.</summary>
    public AbsorbedEffectTest(GamDesign design, AbsorbedCriterion criterion)
    {
        (_design, _effect, _criterion) = (design, design.Absorbed!, criterion);
        var d = _effect.Dimension;
        var classOf = new List<int>();
        var axes = new DenseMatrix(0, d);
        var rows = new DenseMatrix(0, d);
        _left = [.. _effect.Counts];
        for (var k = 0; k < _effect.Classes; k++)
        {
            var eigen = new SymmetricEigen(_effect.Between[k]);
            for (var e = d - 1; e >= 0 && eigen.Values[e] > SmallestEigenvalue && _left[k] > 0; e--)
            {
                var length = Math.Sqrt(eigen.Values[e]);
                DenseMatrix axis = new(1, d),
                    row = new(1, d);
                for (var i = 0; i < d; i++)
                {
                    axis[0, i] = eigen.Vectors[i, e] / length;
                    row[0, i] = eigen.Vectors[i, e] * length * Math.Sqrt(_effect.Masses[k]);
                }
                (axes, rows) = (axes.ConcatenateRows(axis), rows.ConcatenateRows(row));
                classOf.Add(k);
                _left[k]--;
            }
        }
        (_size, _classOf, _axes, _rows) = (classOf.Count, [.. classOf], axes, rows);
        _mapped = rows.Times(_effect.ToBasis);

        _nuisance =
        [
            .. design
                .Smooths.Where(place => !place.IsAbsorbed && place.Smooth.IsRandomEffect && place.IsWhollyPenalised)
                .SelectMany(place => Enumerable.Range(place.FirstPenalised, place.PenalisedCount)),
        ];
        var free = design.UnpenalisedCount;
        _kept = [.. Enumerable.Range(0, d).Where(i => i < free || !_nuisance.Contains(i - free))];
        _nuisanceColumns = design.FreeShares.ConcatenateRows(design.Factor).TakeColumns(_nuisance).Transposed();
        _keptColumns = _effect.ToBasis.TakeColumns(_kept).Transposed();
        _inverse = new ScaledInverse(_kept.Length);
        (_metric, _change) = (new DenseMatrix(d, d), new DenseMatrix(d, d));
        (_seen, _solved) = (new DenseMatrix(_kept.Length, d), new DenseMatrix(_kept.Length, d));
        _information = new DenseMatrix(_kept.Length, _kept.Length);
        _keptPenalty = new double[_kept.Length];
        (_covariance, _frequentist, _weight, _root, _fitted) = (Square(), Square(), Square(), Square(), Square());
        (_scaled, _half) = (new DenseMatrix(_size, d), new DenseMatrix(_size, d));
        (_coefficients, _response, _bulk) = (new double[_size], new double[_size], new double[_effect.Classes]);
        _test = new VarianceComponentTest(_size, _left.Sum());
    }

    /// <summary>The statistic.</summary>
    public double Statistic => _test.Statistic;

    /// <summary>The p-value.</summary>
    /// <inheritdoc cref="VarianceComponentTest.PValue"/>
    public double PValue(double scaleDegrees, SmoothPValues evaluation) => _test.PValue(scaleDegrees, evaluation);

    /// <summary>Tests the criterion's last fit.</summary>
    /// <param name="input">The element's projections and sums.</param>
    /// <param name="scale">σ².</param>
    public void Run(ReadOnlySpan<double> input, double scale)
    {
        Coefficients(input);
        Covariances(scale);
        if (TryRoot())
            _test.RunWeighted(_coefficients, _root, scale, _frequentist);
        else
            _test.Run(_coefficients, _covariance, _frequentist);
        for (var k = 0; k < _bulk.Length; k++)
            if (_left[k] > 0)
                _test.Append(Math.Max(_bulk[k], 0) * (1 - _criterion.Kept[k]) / scale, 1 - _criterion.Kept[k], _left[k]);
        _test.Sort();
    }

    private void Coefficients(ReadOnlySpan<double> input)
    {
        int d = _effect.Dimension,
            classes = _effect.Classes;
        input = input[d..];
        var crossed = input.Slice(1 + (2 * classes), classes * d);
        input.Slice(1, classes).CopyTo(_bulk);
        for (var i = 0; i < _size; i++)
        {
            var k = _classOf[i];
            _response[i] = FixedOrder.Dot(_axes.Row(i), crossed.Slice(k * d, d));
            _bulk[k] -= _response[i] * _response[i];
            var sum = (Math.Sqrt(_effect.Masses[k]) * _response[i]) + FixedOrder.Dot(_rows.Row(i), _criterion.Rest);
            _coefficients[i] = sum / (_effect.Masses[k] + _criterion.Penalty);
        }
    }

    /// <summary>C and Vₑ of the reduced coefficients, times σ².</summary>
    private void Covariances(double scale)
    {
        int d = _effect.Dimension,
            free = _design.UnpenalisedCount;
        var penalty = _criterion.Penalty;
        for (var i = 0; i < _size; i++)
        {
            _scaled.Row(i).Clear();
            FixedOrder.Add(1 / (_effect.Masses[_classOf[i]] + penalty), _mapped.Row(i), _scaled.Row(i));
            _half.Row(i).Clear();
            for (var l = 0; l < d; l++)
                FixedOrder.Add(_scaled[i, l], _criterion.Information.Inverse(l), _half.Row(i));
        }
        for (var i = 0; i < _size; i++)
        for (var j = 0; j <= i; j++)
            _covariance[i, j] = _covariance[j, i] =
                FixedOrder.Dot(_half.Row(i), _scaled.Row(j)) + (i == j ? 1 / (_effect.Masses[_classOf[i]] + penalty) : 0);
        // The squares of what a coefficient adds to the response, within groups and along the axes: a difference of covariances would lose
        // the digits of a small variance.
        for (var i = 0; i < _size; i++)
        {
            for (var l = 0; l < d; l++)
                _scaled[i, l] = FixedOrder.Dot(_half.Row(i), _effect.Forms.Within.Row(l)[..d]);
            foreach (var at in _nuisance)
                _scaled[i, free + at] += _half[i, free + at] * _criterion.OtherPenalties[free + at];
            for (var t = 0; t < _size; t++)
            {
                var root = Math.Sqrt(_effect.Masses[_classOf[t]]);
                _fitted[i, t] = (root * _covariance[i, t]) - (FixedOrder.Dot(_mapped.Row(t), _half.Row(i)) / root);
            }
        }
        for (var i = 0; i < _size; i++)
        for (var j = 0; j <= i; j++)
            _frequentist[i, j] = _frequentist[j, i] =
                scale * (FixedOrder.Dot(_fitted.Row(i), _fitted.Row(j)) + FixedOrder.Dot(_scaled.Row(i), _half.Row(j)));
        for (var i = 0; i < _covariance.Values.Length; i++)
            _covariance.Values[i] *= scale;
    }

    /// <summary>The root of the weight matrix; false if it is numerically singular.</summary>
    private bool TryRoot()
    {
        var d = _effect.Dimension;
        if (!TryChange())
            return false;
        for (var i = 0; i < _size; i++)
        {
            _half.Row(i).Clear();
            for (var l = 0; l < d; l++)
                FixedOrder.Add(_rows[i, l], _change.Row(l), _half.Row(i));
        }
        for (var i = 0; i < _size; i++)
        for (var j = 0; j <= i; j++)
            _weight[i, j] = FixedOrder.Dot(_half.Row(i), _rows.Row(j)) + (i == j ? _effect.Masses[_classOf[i]] + _criterion.Penalty : 0);
        if (!Cholesky.TryFactor(_weight))
            return false;
        for (var i = 0; i < _size; i++)
        for (var j = 0; j < _size; j++)
            _root[i, j] = j >= i ? _weight[j, i] : 0;
        return true;
    }

    /// <summary><c>G - I - G X (XᵀGX + Λ)⁻¹ XᵀG</c> in Q's coordinates.</summary>
    private bool TryChange()
    {
        int d = _effect.Dimension,
            free = _design.UnpenalisedCount;
        Array.Clear(_change.Values);
        for (var o = 0; o < _nuisance.Length; o++)
        {
            var column = _nuisanceColumns.Row(o);
            var inverse = 1 / _criterion.OtherPenalties[free + _nuisance[o]];
            for (var i = 0; i < d; i++)
                FixedOrder.Add(inverse * column[i], column, _change.Row(i));
        }
        _change.Values.CopyTo(_metric.Values, 0);
        for (var i = 0; i < d; i++)
            _metric[i, i] += 1;
        for (var i = 0; i < _kept.Length; i++)
        {
            _keptPenalty[i] = _criterion.OtherPenalties[_kept[i]];
            for (var l = 0; l < d; l++)
                _seen[i, l] = FixedOrder.Dot(_metric.Row(l), _keptColumns.Row(i));
            for (var j = 0; j <= i; j++)
                _information[i, j] = _information[j, i] = FixedOrder.Dot(_seen.Row(i), _keptColumns.Row(j));
        }
        if (double.IsNaN(_inverse.Invert(_information, _keptPenalty)))
            return false;
        Array.Clear(_solved.Values);
        for (var i = 0; i < _kept.Length; i++)
        for (var j = 0; j < _kept.Length; j++)
            FixedOrder.Add(_inverse.Row(i)[j], _seen.Row(j), _solved.Row(i));
        for (var i = 0; i < _kept.Length; i++)
        for (var l = 0; l < d; l++)
            FixedOrder.Add(-_seen[i, l], _solved.Row(i), _change.Row(l));
        return true;
    }

    private DenseMatrix Square() => new(_size, _size);
}
