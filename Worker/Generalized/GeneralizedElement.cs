using HpcFit.Shared.Elements;
using HpcFit.Worker.Families;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Models;
using HpcFit.Worker.Rows;

namespace HpcFit.Worker.Generalized;

/// <summary>
/// The fit of one element: its rows, the iterations, and the fit of the null model. Elements with the same rows share tables where no
/// scalar is a predictor, which changes no bit. A workspace of one thread.
/// </summary>
internal sealed class GeneralizedElement
{
    /// <summary>Pearson residuals this small, relative to Σ w y² / V, are rounding errors of an exact fit.</summary>
    private const double Exact = 1e-22;

    private readonly GeneralizedEngine _engine;
    private readonly ModelDesign _model;
    private readonly ElementRows<ObservedRows> _rows;
    private readonly double[] _responses;
    private readonly double[] _work;
    private readonly double[] _logarithms;
    private readonly IWeightedSolver _solver;
    private readonly WeightedFactors _accurate;
    private readonly ObservedRows _intercept;
    private readonly IteratedFit _nullFit;

    public GeneralizedElement(GeneralizedEngine engine)
    {
        _engine = engine;
        _model = engine.Design;
        Family = Family.Create(engine.Family);
        var (subjects, columns) = (engine.Subjects, _model.ColumnNames.Count);
        (_responses, _work, _logarithms) = (new double[subjects], new double[subjects], new double[subjects]);
        _rows = new(
            _model,
            subjects,
            engine.Threshold,
            _model.RebuildsOnRows,
            3L * sizeof(double) * subjects * columns,
            () => new(subjects, columns, engine.IsReference)
        );
        _accurate = new(subjects, columns, engine.IsReference);
        _solver = engine.IsReference ? _accurate : new NormalEquations(subjects, columns);
        Fitted = new(Family, subjects, columns);
        Counts = Family is NegativeBinomialFamily counts ? new(counts, Fitted, subjects) : null;
        _intercept = new(subjects, 1, engine.IsReference);
        _nullFit = new(Family, subjects, 1);
    }

    /// <summary>The family.</summary>
    public Family Family { get; }

    /// <summary>The rows of the last fit.</summary>
    public ObservedRows Rows => _rows.Tables;

    /// <summary>The last fit.</summary>
    public IteratedFit Fitted { get; }

    /// <summary>The estimate of θ; null: the family has none.</summary>
    public NegativeBinomialFit? Counts { get; }

    /// <summary>The residual degrees of freedom.</summary>
    public int ResidualDegrees => Rows.Rows - Rows.Rank;

    /// <summary>Pearson's estimate of the dispersion; NaN without residual degrees of freedom.</summary>
    public double Dispersion => ResidualDegrees > 0 ? Fitted.PearsonSquares / ResidualDegrees : double.NaN;

    /// <summary>Fits one element of a block.</summary>
    public ElementStatus Fit(in ScalarBlock block, int element) => _rows.Load(block, element) ?? Solve();

    /// <summary>The log-likelihood of the last fit.</summary>
    public double LogLikelihood() =>
        Family.LogLikelihood(_responses.AsSpan(0, Rows.Rows), Fitted.Means, Rows.Weight.AsSpan(0, Rows.Rows), Fitted.Deviance);

    /// <summary>
    /// The deviance of the model with the intercept alone, or without coefficients where there is no intercept; NaN where it has none.
    /// </summary>
    public double NullDeviance()
    {
        var n = Rows.Rows;
        if (!_model.HasIntercept)
            return NullDevianceAtOffset();
        if (!Rows.HasOffset)
        {
            _work.AsSpan(0, n).Fill(WeightedMean());
            return Family.Deviance(_responses.AsSpan(0, n), _work.AsSpan(0, n), Rows.Weight.AsSpan(0, n), _logarithms);
        }
        _intercept.FactorIntercept(Rows);
        return _nullFit.Fit(_intercept, _responses, _accurate) == Convergence.Converged ? _nullFit.Deviance : double.NaN;
    }

    private ElementStatus Solve()
    {
        for (var row = 0; row < Rows.Rows; row++)
        {
            _responses[row] = _rows.Response[Rows.Subject[row]];
            if (!double.IsFinite(_responses[row]) || !Family.Accepts(_responses[row], Rows.Weight[row]))
                return ElementStatus.InvalidValue;
        }
        if (IsConstant())
            return ElementStatus.ConstantResponse;
        var convergence = FitBy(_solver);
        if (convergence == Convergence.Unsolved && _solver != _accurate)
            convergence = FitBy(_accurate);
        if (convergence != Convergence.Converged)
            return convergence == Convergence.Separated ? ElementStatus.Separation : ElementStatus.NoConvergence;
        if (ResidualDegrees == 0)
            return ElementStatus.NoResidualDegreesOfFreedom;
        if (!Family.HasKnownDispersion && IsExact())
            return ElementStatus.ConstantResponse;
        return Rows.Rank < _engine.RankOfCohort ? ElementStatus.RankDeficient : ElementStatus.Fitted;
    }

    private Convergence FitBy(IWeightedSolver solver) =>
        Counts is null ? Fitted.Fit(Rows, _responses, solver) : Counts.Fit(Rows, _responses, solver);

    /// <summary>
    /// Whether all responses are equal and leave nothing to estimate: probabilities of 0 or 1, counts of 0, or an estimated dispersion of
    /// 0.
    /// </summary>
    private bool IsConstant()
    {
        var first = _responses[0];
        if (Family.HasKnownDispersion && first != 0 && !(Family.IsOfProbabilities && first == 1))
            return false;
        for (var row = 1; row < Rows.Rows; row++)
            if (_responses[row] != first)
                return false;
        return true;
    }

    private bool IsExact()
    {
        double total = 0;
        for (var row = 0; row < Rows.Rows; row++)
            total += Rows.Weight[row] * _responses[row] * _responses[row] / Family.Variance(Fitted.Means[row]);
        return !(Fitted.PearsonSquares > Exact * total);
    }

    private double WeightedMean()
    {
        double sum = 0,
            total = 0;
        for (var row = 0; row < Rows.Rows; row++)
        {
            sum += Rows.Weight[row] * _responses[row];
            total += Rows.Weight[row];
        }
        return sum / total;
    }

    private double NullDevianceAtOffset()
    {
        var deviance = 0.0;
        for (var row = 0; row < Rows.Rows; row++)
        {
            if (!Family.Link.IsValid(Rows.Offset[row]))
                return double.NaN;
            var (mean, _) = Family.Link.Invert(Rows.Offset[row]);
            if (!Family.IsValidMean(mean))
                return double.NaN;
            deviance += Rows.Weight[row] * Family.UnitDeviance(_responses[row], mean);
        }
        return deviance;
    }
}
