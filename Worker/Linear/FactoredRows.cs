using HpcFit.Worker.Algebra;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Linear;

/// <summary>A design on some of the cohort's rows, with its QR factorisation.</summary>
/// <param name="subjects">The maximum number of rows.</param>
/// <param name="columns">Columns of the design.</param>
/// <param name="plan">What is computed besides the coefficients.</param>
/// <param name="isReference">Factor by <see cref="ReferenceLeastSquares"/>.</param>
internal sealed class FactoredRows(int subjects, int columns, InferencePlan plan, bool isReference = false)
{
    /// <summary>The design; null before the first. Once it has been factored, its matrix is reused for other designs.</summary>
    public DesignMatrix? Design { get; set; }

    /// <summary>The factors of √w X; of an earlier design until <see cref="IsFactored"/>.</summary>
    public ILeastSquares Qr { get; } = isReference ? new ReferenceLeastSquares(subjects, columns) : new PivotedQr(subjects, columns);

    /// <summary>The diagonal of (X'WX)⁻¹ at the positions of R.</summary>
    public double[] Variances { get; } = new double[columns];

    /// <summary>What the hypotheses need of the factors.</summary>
    public HypothesisFactors Hypotheses { get; } = new(plan, columns);

    /// <summary>What robust covariances need of the factors; null: they are not computed.</summary>
    public RobustFactors? Robust { get; } = plan.IsRobust ? new(plan, subjects, columns) : null;

    /// <summary>Whether <see cref="Qr"/> and what follows from it belong to <see cref="Design"/>.</summary>
    public bool IsFactored { get; set; }
}
