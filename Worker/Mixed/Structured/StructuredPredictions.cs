using HpcFit.Shared.Elements;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Results;
using HpcFit.Worker.Mixed.Structured.Tables;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>Predictions of a model with several random terms or slopes (Bates et al. 2015, section 5).</summary>
/// <remarks>
/// With W the covariance of the absorbed effects and residuals and r the residuals of fixed effects, the dense random effects are T u, u =
/// B⁻¹T'Z'W⁻¹r, B the part of the dense block that is theirs; what is left of r determines the absorbed effects, group by group. Given the
/// fixed effects, their covariances are those of lme4: of T u it is T B⁻¹T', of an absorbed group ΛAΛ' + G B⁻¹G', A = (I + Λ'R'RΛ)⁻¹ and G
/// = ΛAΛ'R'U T.
/// </remarks>
internal sealed class StructuredPredictions
{
    private readonly StructuredElement _fit;
    private readonly StructuredDesign _tables;
    private readonly RandomStructure _structure;
    private readonly RelativeFactors _factors;
    private readonly ProfilePoint _point;
    private readonly int _dense;
    private readonly int _effects;
    private readonly double _variance;
    private readonly double[] _fixed;
    private readonly double[] _residuals;
    private readonly DenseMatrix _covariance;
    private readonly List<PredictedEffect>[] _predicted;
    private readonly double[] _random;

    private StructuredPredictions(StructuredEngine engine, StructuredElement fit)
    {
        (_fit, _tables, _structure) = (fit, fit.Tables, engine.Structure);
        (_dense, _effects) = (_structure.DenseColumns, _structure.AbsorbedEffects);
        _variance = fit.Profile.Squares / fit.Profile.Degrees;
        (_factors, _point) = (new(_structure), new(_structure.Parameters.Count));
        fit.Profile.Theta.CopyTo(_point.Theta);
        var size = _tables.Size;
        var absorbed = new AbsorbedInformation(_effects, size);
        _point.Compute(_tables, _factors, absorbed, new double[size * size], new double[size * size], new double[size * size]);
        _fixed = FixedParts.Compute(_tables, fit.Coordinates);
        _residuals = [.. Enumerable.Range(0, _tables.Rows).Select(row => _tables.Root[row] * (Response(row) - _fixed[row]))];
        _random = new double[_tables.Rows];
        _covariance = Invert();
        _predicted = [.. _structure.Terms.Select(_ => new List<PredictedEffect>())];
    }

    /// <summary>Fits an element; the predictions, null unless it has a fit.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="block">A block.</param>
    /// <param name="element">The element's place in it.</param>
    /// <param name="status">The element's status.</param>
    public static ElementPredictions? Compute(StructuredEngine engine, in ScalarBlock block, int element, out ElementStatus status)
    {
        var fit = new StructuredElement(engine);
        status = fit.Fit(block, element);
        return status is ElementStatus.Fitted or ElementStatus.RankDeficient ? new StructuredPredictions(engine, fit).Compute() : null;
    }

    private ElementPredictions Compute()
    {
        PredictDense();
        for (var group = 0; group < _tables.Groups.Count; group++)
            PredictAbsorbed(group);
        var effects = _predicted.SelectMany(ofTerm => ofTerm.OrderBy(one => one.Level, StringComparer.Ordinal));
        var rows = Enumerable
            .Range(0, _tables.Rows)
            .Select(row => new PredictedRow(
                _tables.Subject[row],
                Response(row),
                _fixed[row],
                _fixed[row] + (_random[row] / _tables.Root[row])
            ));
        return new([.. effects], [.. rows.OrderBy(row => row.Subject)]);
    }

    private double Response(int row) => _fit.Response[_tables.Subject[row]];

    /// <summary>B⁻¹ of the dense random effects.</summary>
    private DenseMatrix Invert()
    {
        var (factor, inverse) = (new DenseMatrix(_dense, _dense), new DenseMatrix(_dense, _dense));
        for (var row = 0; row < _dense; row++)
            _point.Factor.AsSpan(row * _tables.Size, row + 1).CopyTo(factor.Row(row));
        for (var column = 0; column < _dense; column++)
        {
            inverse[column, column] = 1;
            Cholesky.SolveLower(factor.Values, _dense, inverse.Row(column));
            Cholesky.SolveUpper(factor.Values, _dense, inverse.Row(column));
        }
        return inverse;
    }

    private void PredictDense()
    {
        if (_dense == 0)
            return;
        var cross = new double[_tables.Size];
        int from = 0;
        for (var group = 0; group < _tables.Groups.Count; from = _tables.Groups.End[group++])
        {
            var explained = Whitened(group, from);
            for (var row = from; row < _tables.Groups.End[group]; row++)
            {
                var rest = _residuals[row];
                for (var a = 0; a < _effects; a++)
                    rest -= _tables.Orthonormal[(row * _effects) + a] * explained[a];
                _tables.AddRow(row, rest, cross);
            }
        }
        _factors.TransposedTimes(cross);
        var dense = new double[_tables.Size];
        for (var i = 0; i < _dense; i++)
            dense[i] = FixedOrder.Dot(_covariance.Row(i), cross.AsSpan(0, _dense));
        _factors.Times(dense);
        for (var t = 0; t < _structure.Terms.Count; t++)
            if (!_structure.Terms[t].IsAbsorbed)
                AddTerm(t, dense);
    }

    /// <summary>(I - C⁻¹)O'r of a group: r less O times this is W⁻¹r.</summary>
    private double[] Whitened(int group, int from)
    {
        var (own, solved) = (Projections(group, from), Solved(group, Projections(group, from)));
        return [.. own.Zip(solved, (all, part) => all - part)];
    }

    private double[] Projections(int group, int from)
    {
        var own = new double[_effects];
        for (var row = from; row < _tables.Groups.End[group]; row++)
            FixedOrder.Add(_residuals[row], _tables.Orthonormal.AsSpan(row * _effects, _effects), own);
        return own;
    }

    /// <summary>C⁻¹ times a vector.</summary>
    private double[] Solved(int group, double[] vector)
    {
        var (groups, solved) = (_tables.Groups, new double[_effects]);
        var pair = groups.ClassOf[group] * groups.Pairs;
        for (var a = 0; a < _effects; a++)
        for (var b = a; b < _effects; b++, pair++)
        {
            solved[a] += _point.Inverses[pair] * vector[b];
            if (a != b)
                solved[b] += _point.Inverses[pair] * vector[a];
        }
        return solved;
    }

    /// <summary>Stores the effects of a term of the dense block, and subtracts them from the residuals.</summary>
    private void AddTerm(int t, double[] dense)
    {
        var term = _structure.Terms[t];
        var (effects, codes, seen) = (term.Effects, _structure.Factors[term.Factor].Codes, new HashSet<int>());
        var factor = _factors.Of(t);
        for (var row = 0; row < _tables.Rows; row++)
        {
            var column = _tables.DenseColumn[t][row];
            var own = dense.AsSpan(column, effects);
            var part = FixedOrder.Dot(own, _tables.DenseEffects[t].AsSpan(row * effects, effects));
            _random[row] += part;
            _residuals[row] -= part;
            if (!seen.Add(column))
                continue;
            var covariance = new double[effects * effects];
            for (var a = 0; a < effects; a++)
            for (var b = 0; b < effects; b++)
            for (var i = 0; i < effects; i++)
            for (var j = 0; j < effects; j++)
                covariance[(a * effects) + b] +=
                    factor[(a * effects) + i] * _covariance[column + i, column + j] * factor[(b * effects) + j];
            Store(t, codes[_tables.Subject[row]], own, covariance);
        }
    }

    private void PredictAbsorbed(int group)
    {
        var (groups, n) = (_tables.Groups, _effects);
        var from = group == 0 ? 0 : groups.End[group - 1];
        var r = groups.OfClass(groups.ClassOf[group]);
        var solved = Solved(group, Projections(group, from));
        var (pushed, half, effects) = (new double[n], new double[n], new double[n]);
        for (var a = 0; a < n; a++)
            FixedOrder.Add(solved[a], r.Slice(a * n, n), pushed);
        for (var a = 0; a < n; a++)
            FixedOrder.Add(pushed[a], _factors.Absorbed.AsSpan(a * n, n), half);
        for (var a = 0; a < n; a++)
            effects[a] = FixedOrder.Dot(_factors.Absorbed.AsSpan(a * n, n), half);
        for (var row = from; row < groups.End[group]; row++)
        for (var a = 0; a < n; a++)
        for (var b = 0; b <= a; b++)
            _random[row] += _tables.Orthonormal[(row * n) + b] * r[(b * n) + a] * effects[a];
        var covariance = CovarianceOf(group, r);
        foreach (var (t, term) in _structure.Terms.Index())
        {
            if (!term.IsAbsorbed)
                continue;
            var own = new double[term.Effects * term.Effects];
            for (var a = 0; a < term.Effects; a++)
            for (var b = 0; b < term.Effects; b++)
                own[(a * term.Effects) + b] = covariance[term.Start + a, term.Start + b];
            var level = _structure.Factors[term.Factor].Codes[_tables.Subject[from]];
            Store(t, level, effects.AsSpan(term.Start, term.Effects), own);
        }
    }

    /// <summary>The covariance of a group's absorbed effects over the residual variance.</summary>
    private DenseMatrix CovarianceOf(int group, ReadOnlySpan<double> r)
    {
        var (n, size) = (_effects, _tables.Size);
        var (loadings, covariance) = (new DenseMatrix(n, n), new DenseMatrix(n, n));
        for (var a = 0; a < n; a++)
        for (var b = 0; b < n; b++)
            FixedOrder.Add(r[(a * n) + b], _factors.Absorbed.AsSpan(b * n, n), loadings.Row(a));
        var inner = DenseMatrix.Identity(n);
        for (var a = 0; a < n; a++)
        for (var b = 0; b < n; b++)
            FixedOrder.Add(loadings[a, b], loadings.Row(a), inner.Row(b));
        if (!Cholesky.TryFactor(inner))
            throw new ArithmeticException($"I + Λ'R'RΛ of group {group} is not positive definite; it contains non-finite values.");
        var roots = new DenseMatrix(n, n); // columns of L⁻¹Λ', as rows
        for (var a = 0; a < n; a++)
        {
            _factors.Absorbed.AsSpan(a * n, n).CopyTo(roots.Row(a));
            Cholesky.SolveLower(inner.Values, n, roots.Row(a));
        }
        for (var a = 0; a < n; a++)
        for (var b = 0; b < n; b++)
            covariance[a, b] = FixedOrder.Dot(roots.Row(a), roots.Row(b));
        if (_dense == 0)
            return covariance;
        var pulls = new DenseMatrix(n, size);
        for (var a = 0; a < n; a++)
        {
            for (var b = 0; b < n; b++)
            for (var c = 0; c < n; c++)
                FixedOrder.Add(covariance[a, b] * r[(c * n) + b], _tables.Coordinates.AsSpan(((group * n) + c) * size, size), pulls.Row(a));
            _factors.TransposedTimes(pulls.Row(a));
        }
        var total = new DenseMatrix(n, n);
        for (var a = 0; a < n; a++)
        for (var b = 0; b < n; b++)
        {
            total[a, b] = covariance[a, b];
            for (var i = 0; i < _dense; i++)
                total[a, b] += pulls[a, i] * FixedOrder.Dot(_covariance.Row(i), pulls.Row(b)[.._dense]);
        }
        return total;
    }

    /// <summary>Stores the effects of a group as the covariates were typed.</summary>
    private void Store(int t, int level, ReadOnlySpan<double> standardised, double[] covariance)
    {
        var term = _structure.Terms[t];
        var n = term.Effects;
        var (vector, restored, turned, variances) = (new double[n * n], new double[n * n], new double[n * n], new double[n * n]);
        for (var e = 0; e < n; e++)
            vector[e * n] = standardised[e];
        term.Covariates.Restore(vector, restored);
        term.Covariates.Restore(covariance, turned);
        for (var a = 0; a < n; a++)
        for (var b = 0; b < n; b++)
            vector[(a * n) + b] = turned[(b * n) + a];
        term.Covariates.Restore(vector, variances);
        for (var e = 0; e < n; e++)
            _predicted[t]
                .Add(
                    new(
                        term.Term.Group,
                        _structure.Factors[term.Factor].Labels[level],
                        term.EffectNames[e],
                        restored[e * n],
                        Math.Sqrt(_variance * variances[(e * n) + e])
                    )
                );
    }
}
