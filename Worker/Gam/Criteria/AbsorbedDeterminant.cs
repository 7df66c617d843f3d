using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// <c>log|XᵀX + S| - log|S|₊</c> of a model with an absorbed effect, without a constant, and half its derivatives in log λ: for REML over
/// all coordinates (u, γ) and groups, for ML over γ and groups. A workspace.
/// </summary>
internal sealed class AbsorbedDeterminant
{
    private readonly AbsorbedEffect _effect;
    private readonly int _first; // of γ in the information
    private readonly int _count;
    private readonly int _own;

    /// <summary>Creates the workspace.</summary>
    /// <param name="design">The design.</param>
    /// <param name="information">The information of its coordinates.</param>
    public AbsorbedDeterminant(GamDesign design, ClassInformation information)
    {
        (_effect, _own, _count) = (design.Absorbed!, design.Absorbed!.Penalty, design.PenalisedCount);
        IsProjected = _effect.MlForms is null;
        _first = IsProjected ? design.UnpenalisedCount : 0;
        Information = IsProjected ? information : new(_effect.MlForms!);
        Penalty = new double[ClassForms.SizeOf(_first + _count)];
        Penalty.AsSpan(_first + _count).Fill(1);
    }

    /// <summary>Whether the information is that of the fit.</summary>
    public bool IsProjected { get; }

    /// <summary>The information over which the criterion integrates.</summary>
    public ClassInformation Information { get; }

    /// <summary>Its penalty's diagonal, for ML.</summary>
    private double[] Penalty { get; }

    /// <summary>Evaluates it.</summary>
    /// <param name="fitted">The logarithm of the determinant of the fit's information.</param>
    /// <param name="kept">v per class.</param>
    /// <param name="total">Λ, the sum of the other penalties λⱼDⱼ in γ.</param>
    public double Evaluate(double fitted, ReadOnlySpan<double> kept, ReadOnlySpan<double> total)
    {
        if (!IsProjected)
        {
            total.CopyTo(Penalty);
            fitted = Information.Evaluate(kept, Penalty);
            if (double.IsNaN(fitted))
                return double.NaN;
        }
        for (var k = 0; k < kept.Length; k++)
            fitted -= _effect.Counts[k] * ReproducibleMath.Log(kept[k]);
        var product = new LogarithmOfProduct();
        foreach (var entry in total)
            product.Multiply(entry);
        return fitted - product.Value;
    }

    /// <summary>Its derivatives where it was evaluated last; those of the fit's information must be.</summary>
    /// <param name="kept">v per class.</param>
    /// <param name="penalties">Per other penalty λⱼDⱼ in γ.</param>
    /// <param name="total">Λ.</param>
    /// <param name="gradient">Receives half the derivatives.</param>
    /// <param name="hessian">Receives half the second derivatives.</param>
    public void Differentiate(
        ReadOnlySpan<double> kept,
        double[][] penalties,
        ReadOnlySpan<double> total,
        Span<double> gradient,
        Span<double> hessian
    )
    {
        if (!IsProjected)
            Information.Differentiate(kept);
        var m = _own + 1;
        (gradient[_own], hessian[(m * m) - 1]) = Groups(kept);
        for (var j = 0; j < _own; j++)
        {
            double trace = 0,
                mixed = 0;
            for (var i = 0; i < _count; i++)
            {
                if (penalties[j][i] == 0)
                    continue;
                trace += penalties[j][i] * (Information.Inverse(_first + i)[_first + i] - (1 / total[i]));
                mixed -= penalties[j][i] * Information.SpreadAt(_first + i);
            }
            gradient[j] = 0.5 * trace;
            hessian[(j * m) + _own] = hessian[(_own * m) + j] = 0.5 * mixed;
            for (var k = 0; k <= j; k++)
                hessian[(j * m) + k] = hessian[(k * m) + j] = 0.5 * ((j == k ? trace : 0) - Crossed(penalties[j], penalties[k], total));
        }
    }

    /// <summary>Half the derivatives in log κ.</summary>
    private (double First, double Second) Groups(ReadOnlySpan<double> kept)
    {
        double slope = Information.SlopeTrace,
            bend = Information.BendTrace - Information.SquareTrace;
        for (var k = 0; k < kept.Length; k++)
        {
            slope -= _effect.Counts[k] * (1 - kept[k]);
            bend += _effect.Counts[k] * kept[k] * (1 - kept[k]);
        }
        return (0.5 * slope, 0.5 * bend);
    }

    /// <summary><c>tr(λⱼDⱼ C λₖDₖ C) - Σ λⱼDⱼ λₖDₖ / Λ²</c>.</summary>
    private double Crossed(double[] one, double[] other, ReadOnlySpan<double> total)
    {
        var sum = 0.0;
        for (var i = 0; i < _count; i++)
        {
            if (one[i] == 0)
                continue;
            var row = Information.Inverse(_first + i).Slice(_first, _count);
            var inner = -other[i] / (total[i] * total[i]);
            for (var l = 0; l < row.Length; l++)
                inner += other[l] * row[l] * row[l];
            sum += one[i] * inner;
        }
        return sum;
    }
}
