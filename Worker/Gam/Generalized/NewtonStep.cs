using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// Newton's step −H⁻¹g for the penalised deviance of one element, H = ZᵀWZ + T with W half the second derivatives of the deviance. A
/// workspace; not thread-safe.
/// </summary>
/// <param name="design">The design.</param>
/// <param name="penalty">T; set by the caller.</param>
internal sealed class NewtonStep(GeneralizedDesign design, DenseMatrix penalty)
{
    private readonly ScaledInverse _inverse = new(design.Dimension);
    private readonly DenseMatrix _information = new(design.Dimension, design.Dimension);
    private readonly double[] _none = new double[design.Dimension];
    private readonly double[] _gradient = new double[design.Dimension];
    private readonly double[] _weights = new double[design.Rows];
    private readonly double[] _work = new double[design.Rows];

    /// <summary>The step.</summary>
    public double[] Step { get; } = new double[design.Dimension];

    /// <summary>ln|H|.</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>gᵀH⁻¹g.</summary>
    public double Decrement => -FixedOrder.Dot(_gradient, Step);

    /// <summary>A row of H⁻¹.</summary>
    public ReadOnlySpan<double> Inverse(int row) => _inverse.Row(row);

    /// <summary>Writes H⁻¹ v.</summary>
    public void Solve(ReadOnlySpan<double> vector, Span<double> result)
    {
        for (var j = 0; j < result.Length; j++)
            result[j] = FixedOrder.Dot(_inverse.Row(j), vector);
    }

    /// <summary>Writes columnsᵀ diag(weights) columns + T for matrices stored by columns, T in the last coordinates.</summary>
    public static void Gram(DenseMatrix columns, ReadOnlySpan<double> weights, DenseMatrix? penalty, Span<double> work, DenseMatrix result)
    {
        for (var j = 0; j < columns.Rows; j++)
        {
            var own = columns.Row(j);
            for (var i = 0; i < own.Length; i++)
                work[i] = weights[i] * own[i];
            for (var k = 0; k <= j; k++)
                result[j, k] = result[k, j] = FixedOrder.Dot(work, columns.Row(k));
        }
        if (penalty is null)
            return;
        var free = columns.Rows - penalty.Rows;
        for (var j = 0; j < penalty.Rows; j++)
            FixedOrder.Add(1, penalty.Row(j), result.Row(free + j)[free..]);
    }

    /// <summary>Sets the step from the derivatives of the deviance; false if H is not positive definite.</summary>
    /// <param name="coefficients">θ.</param>
    /// <param name="derivatives">The derivatives at θ.</param>
    public bool TryObserved(double[] coefficients, RowDerivatives derivatives)
    {
        for (var j = 0; j < _gradient.Length; j++)
            _gradient[j] = FixedOrder.Dot(design.Predictors.Row(j), derivatives.First) / 2;
        var penalised = coefficients.AsSpan(design.Free);
        for (var j = 0; j < penalised.Length; j++)
            _gradient[design.Free + j] += FixedOrder.Dot(penalty.Row(j), penalised);
        for (var i = 0; i < _weights.Length; i++)
            _weights[i] = derivatives.Second[i] / 2;
        return TryWith(_weights);
    }

    /// <summary>Sets the step for the same gradient and other second derivatives; false if H is not positive definite.</summary>
    /// <param name="weights">W.</param>
    public bool TryWith(ReadOnlySpan<double> weights)
    {
        Gram(design.Predictors, weights, penalty, _work, _information);
        LogDeterminant = _inverse.Invert(_information, _none);
        if (double.IsNaN(LogDeterminant))
            return false;
        Solve(_gradient, Step);
        for (var j = 0; j < Step.Length; j++)
            Step[j] = -Step[j];
        return true;
    }
}
