using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// The Bayesian covariance <c>(XᵀWX + S)⁻¹</c> of the coefficients of a fit, relative to σ², without those of an absorbed effect. A
/// workspace of one thread.
/// </summary>
internal sealed class CoefficientCovariance
{
    private readonly GamDesign _design;
    private readonly SmoothnessCriterion? _criterion;
    private readonly IEliminatedEffects? _eliminated; // the same, if effects are eliminated group by group
    private readonly double[] _solved;
    private readonly double[] _freeVariances;

    /// <summary>Creates the workspace.</summary>
    /// <param name="design">The design.</param>
    /// <param name="criterion">The criterion of the fits, which holds the last one; null: nothing is penalised.</param>
    public CoefficientCovariance(GamDesign design, SmoothnessCriterion? criterion)
    {
        (_design, _criterion, _eliminated) = (design, criterion, criterion as IEliminatedEffects);
        _solved = new double[design.PenalisedCount];
        _freeVariances = [.. Enumerable.Range(0, design.CoefficientCount).Select(i => FixedOrder.Dot(FreePart(i), FreePart(i)))];
    }

    /// <summary>A coefficient's variance.</summary>
    public double Variance(int coefficient) =>
        _eliminated is null
            ? _freeVariances[coefficient] + PenalisedForm(coefficient, coefficient)
            : _eliminated.Form(_design.ToCoefficients.Row(coefficient), _design.ToCoefficients.Row(coefficient));

    /// <summary>Writes the covariance of all coefficients.</summary>
    /// <param name="scale">σ².</param>
    /// <param name="covariance">Receives it, row-major.</param>
    public void CopyTo(double scale, Span<double> covariance)
    {
        if (_eliminated is not null)
        {
            CopyTo(scale, covariance, _design.CoefficientCount);
            return;
        }
        int p = _design.CoefficientCount,
            free = _design.UnpenalisedCount;
        for (var i = 0; i < p; i++)
        {
            var row = _design.ToCoefficients.Row(i);
            _criterion?.Solve(row[free..], _solved);
            for (var j = 0; j <= i; j++)
            {
                var other = _design.ToCoefficients.Row(j);
                covariance[i * p + j] = covariance[j * p + i] =
                    scale * (FixedOrder.Dot(row[..free], other[..free]) + FixedOrder.Dot(_solved, other[free..]));
            }
        }
    }

    /// <summary>Writes the covariance of the first coefficients.</summary>
    /// <param name="scale">σ².</param>
    /// <param name="covariance">Receives it, row-major.</param>
    /// <param name="coefficients">Their number.</param>
    public void CopyTo(double scale, Span<double> covariance, int coefficients)
    {
        for (var i = 0; i < coefficients; i++)
        for (var j = 0; j <= i; j++)
            covariance[(i * coefficients) + j] = covariance[(j * coefficients) + i] = scale * Form(i, j);
    }

    private double Form(int i, int j) =>
        _eliminated is not null
            ? _eliminated.Form(_design.ToCoefficients.Row(i), _design.ToCoefficients.Row(j))
            : FixedOrder.Dot(FreePart(i), FreePart(j)) + PenalisedForm(i, j);

    private double PenalisedForm(int i, int j)
    {
        if (_criterion is null)
            return 0;
        _criterion.Solve(_design.ToCoefficients.Row(i)[_design.UnpenalisedCount..], _solved);
        return FixedOrder.Dot(_solved, _design.ToCoefficients.Row(j)[_design.UnpenalisedCount..]);
    }

    private ReadOnlySpan<double> FreePart(int coefficient) => _design.ToCoefficients.Row(coefficient)[.._design.UnpenalisedCount];
}
