using HpcFit.Shared.Elements;
using HpcFit.Worker.Families;
using HpcFit.Worker.Models;
using HpcFit.Worker.Rows;

namespace HpcFit.Worker.Generalized;

/// <summary>
/// The fit of one element: its rows, the iterations, and the fit of the null model. Elements with the same rows share tables where no
/// scalar is a predictor, which changes no bit. A workspace of one thread.
/// </summary>
internal sealed class GeneralizedElement : IFittedElement
{
    /// <summary>Pearson residuals this small, relative to Σ w y² / V, are rounding errors of an exact fit.</summary>
    private const double Exact = 1e-22;

    private readonly GeneralizedEngine _engine;
    private readonly ElementRows<ObservedRows> _rows;
    private readonly double[] _responses;
    private readonly IWeightedSolver _solver;
    private readonly WeightedFactors _accurate;
    private readonly IteratedFit _fit;
    private readonly NegativeBinomialFit? _counts;
    private readonly NullModel _null;

    public GeneralizedElement(GeneralizedEngine engine)
    {
        _engine = engine;
        Family = Family.Create(engine.Family);
        var (subjects, columns) = (engine.Subjects, engine.Design.ColumnNames.Count);
        _responses = new double[subjects];
        _rows = new(
            engine.Design,
            subjects,
            engine.Threshold,
            engine.Design.RebuildsOnRows,
            3L * sizeof(double) * subjects * columns,
            () => new(subjects, columns, engine.IsReference)
        );
        _accurate = new(subjects, columns, engine.IsReference);
        _solver = engine.IsReference ? _accurate : new NormalEquations(subjects, columns);
        _fit = new(Family, subjects, columns);
        _counts = Family is NegativeBinomialFamily counts ? new(counts, _fit, subjects) : null;
        _null = new(engine, Family);
    }

    /// <inheritdoc/>
    public Family Family { get; }

    /// <inheritdoc/>
    public ObservedRows Tables => _rows.Tables;

    /// <inheritdoc/>
    public int Rows => Tables.Rows;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Coordinates => _fit.Coordinates.AsSpan(0, Tables.Rank);

    /// <inheritdoc/>
    public double Deviance => _fit.Deviance;

    /// <inheritdoc/>
    public double PearsonSquares => _fit.PearsonSquares;

    /// <inheritdoc/>
    public double Theta => _counts!.Theta;

    /// <inheritdoc/>
    public double ThetaStandardError => _counts!.ThetaStandardError;

    /// <inheritdoc/>
    public void SolveLower(Span<double> values) => _fit.SolveLower(values);

    /// <summary>Fits one element of a block.</summary>
    public ElementStatus Fit(in ScalarBlock block, int element) => _rows.Load(block, element) ?? Solve();

    /// <inheritdoc/>
    public double LogLikelihood() => Family.LogLikelihood(_responses.AsSpan(0, Rows), _fit.Means, Tables.Weight.AsSpan(0, Rows), Deviance);

    /// <inheritdoc/>
    public double NullDeviance() => _null.Deviance(_responses, Tables);

    private ElementStatus Solve()
    {
        for (var row = 0; row < Rows; row++)
        {
            _responses[row] = _rows.Response[Tables.Subject[row]];
            if (!double.IsFinite(_responses[row]) || !Family.Accepts(_responses[row], Tables.Weight[row]))
                return ElementStatus.InvalidValue;
        }
        if (IsConstant())
            return ElementStatus.ConstantResponse;
        var convergence = FitBy(_solver);
        if (convergence == Convergence.Unsolved && _solver != _accurate)
            convergence = FitBy(_accurate);
        if (convergence != Convergence.Converged)
            return convergence == Convergence.Separated ? ElementStatus.Separation : ElementStatus.NoConvergence;
        if (Rows == Tables.Rank)
            return ElementStatus.NoResidualDegreesOfFreedom;
        if (!Family.HasKnownDispersion && IsExact())
            return ElementStatus.ConstantResponse;
        return Tables.Rank < _engine.RankOfCohort ? ElementStatus.RankDeficient : ElementStatus.Fitted;
    }

    private Convergence FitBy(IWeightedSolver solver) =>
        _counts is null ? _fit.Fit(Tables, _responses, solver) : _counts.Fit(Tables, _responses, solver);

    /// <summary>
    /// Whether all responses are equal and leave nothing to estimate: probabilities of 0 or 1, counts of 0, or an estimated dispersion of
    /// 0.
    /// </summary>
    private bool IsConstant()
    {
        var first = _responses[0];
        if (Family.HasKnownDispersion && first != 0 && !(Family.IsOfProbabilities && first == 1))
            return false;
        for (var row = 1; row < Rows; row++)
            if (_responses[row] != first)
                return false;
        return true;
    }

    private bool IsExact()
    {
        double total = 0;
        for (var row = 0; row < Rows; row++)
            total += Tables.Weight[row] * _responses[row] * _responses[row] / Family.Variance(_fit.Means[row]);
        return !(_fit.PearsonSquares > Exact * total);
    }
}
