using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// The coefficients that minimise the penalised deviance <c>D(θ) + γᵀ T γ</c> of one element for given penalties: Newton's method with the
/// observed second derivatives, or the expected ones where these are not positive definite. A workspace; not thread-safe.
/// </summary>
/// <remarks>
/// Wood 2011, J. R. Statist. Soc. B 73, §3.3. Steps that leave the range of the link or increase the penalised deviance are halved. The
/// iterations continue until rounding error, because derivatives of the criterion are those at the exact minimum.
/// </remarks>
internal sealed class PenalisedLikelihood
{
    private const int MaxIterations = 200;
    private const int MaxHalvings = 40;

    /// <summary>The Newton decrement, relative to the penalised deviance, at which the coefficients have all their digits.</summary>
    private const double Converged = 1e-24;

    /// <summary>The decrement below which the deviance cannot show whether a step improves.</summary>
    private const double NearRounding = 1e-9;

    /// <summary>The decrement at which the deviance does not change any more, as R measures it.</summary>
    private const double Stationary = 1e-10;

    /// <summary>A change of a predictor that is not rounding error, relative to 1 and the predictor.</summary>
    private const double FarStep = 0.05;

    private readonly GeneralizedDesign _design;
    private readonly GamFamily _family;
    private readonly double[] _none,
        _trial,
        _slopes,
        _trialPredictors,
        _trialMeans,
        _work;

    private double[] _responses = [];

    /// <summary>Creates the workspace.</summary>
    public PenalisedLikelihood(GeneralizedDesign design, GamFamily family)
    {
        (_design, _family) = (design, family);
        int rows = design.Rows,
            size = design.Dimension;
        (Coefficients, _trial, _none) = (new double[size], new double[size], new double[size]);
        (Predictors, Means, _slopes, _trialPredictors, _trialMeans, _work) = (
            new double[rows],
            new double[rows],
            new double[rows],
            new double[rows],
            new double[rows],
            new double[rows]
        );
        Derivatives = new(rows, family.HasShape);
        Penalty = new DenseMatrix(design.Penalised, design.Penalised);
        Newton = new(design, Penalty);
    }

    /// <summary>θ.</summary>
    public double[] Coefficients { get; }

    /// <summary>η, with the offset.</summary>
    public double[] Predictors { get; }

    /// <summary>μ.</summary>
    public double[] Means { get; }

    /// <summary>Derivatives of the deviance at the last evaluated coefficients.</summary>
    public RowDerivatives Derivatives { get; }

    /// <summary>T = Σ λⱼSⱼ, in γ; set by the caller.</summary>
    public DenseMatrix Penalty { get; }

    /// <summary>ϑ; set by the caller.</summary>
    public double Shape { get; set; }

    /// <summary>The deviance.</summary>
    public double Deviance { get; private set; }

    /// <summary>The deviance and the penalty.</summary>
    public double PenalisedDeviance { get; private set; }

    /// <summary>The last step, with H at the minimum after a search.</summary>
    public NewtonStep Newton { get; }

    /// <summary>The rows at the current coefficients.</summary>
    public FamilyRows Rows =>
        new()
        {
            Responses = _responses,
            Weights = _design.Weights,
            Predictors = Predictors,
            Means = Means,
        };

    /// <summary>
    /// Whether the last search ended because coefficients grow without limit: unpenalised columns separate the responses into fitted
    /// probabilities of 0 and 1, or fitted counts of 0.
    /// </summary>
    public bool IsSeparated { get; private set; }

    /// <summary>Sets the response and coefficients from which the first search starts; false if no coefficients are valid.</summary>
    /// <param name="responses">One value per row; must stay valid until the next element.</param>
    public bool Start(double[] responses)
    {
        _responses = responses;
        for (var i = 0; i < responses.Length; i++)
        {
            Means[i] = _family.StartingMean(responses[i], _design.Weights[i]);
            Predictors[i] = _family.Link.Apply(Means[i]);
            var slope = 1 / _family.Link.Derivatives(Means[i], Predictors[i]).First;
            // Half the derivatives of the working sum of squares Σ w (z - η)².
            var weight = _design.Weights[i] * slope * slope / _family.Variance(Means[i], Shape);
            Derivatives.Second[i] = 2 * weight;
            Derivatives.First[i] = -2 * weight * (Predictors[i] - _design.Offset[i] + ((responses[i] - Means[i]) / slope));
        }
        Array.Clear(Coefficients);
        if (!Newton.TryObserved(Coefficients, Derivatives) || !TryMove(Newton.Step, 1))
            return StartFromConstant();
        Accept();
        return true;
    }

    /// <summary>Minimises from the current coefficients; false: no convergence. Afterwards H is that of the minimum.</summary>
    public bool Solve()
    {
        if (!TryMove(_none, 0))
            return false;
        Accept();
        var isSolved = Iterate();
        IsSeparated = !isSolved && Array.Exists(Means, _family.IsAtBoundary);
        return isSolved;
    }

    private bool Iterate()
    {
        var last = double.PositiveInfinity;
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            _family.Differentiate(Rows, Shape, Derivatives);
            var isObserved = Newton.TryObserved(Coefficients, Derivatives);
            if (!isObserved && !TryExpectedStep())
                return false;
            var decrement = Newton.Decrement;
            var size = Math.Abs(PenalisedDeviance) + 1e-3;
            if (!double.IsFinite(decrement))
                return false;
            if (decrement <= Converged * size || (decrement <= NearRounding * NearRounding * size && decrement >= last / 16))
                return isObserved;
            if (decrement <= Stationary * (size + 0.1) && IsMovingFar() && Array.Exists(Means, _family.IsAtBoundary))
                return false;
            last = decrement;
            if (!Improve(decrement <= NearRounding * size))
                return false;
        }
        return false;
    }

    /// <summary>Writes Z v for coordinates v.</summary>
    public void Predict(ReadOnlySpan<double> coordinates, Span<double> result)
    {
        result.Clear();
        for (var j = 0; j < coordinates.Length; j++)
            FixedOrder.Add(coordinates[j], _design.Predictors.Row(j), result);
    }

    /// <summary>Sets the step for the expected second derivatives.</summary>
    private bool TryExpectedStep()
    {
        WriteExpectedWeights(_trialMeans);
        return Newton.TryWith(_trialMeans);
    }

    /// <summary>Writes the weights of Fisher's scoring, w / (V g'²).</summary>
    public void WriteExpectedWeights(Span<double> weights)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var slope = _family.Link.Derivatives(Means[i], Predictors[i]).First;
            weights[i] = _design.Weights[i] / (_family.Variance(Means[i], Shape) * slope * slope);
        }
    }

    /// <summary>Whether the step moves a predictor although the deviance stays.</summary>
    private bool IsMovingFar()
    {
        Predict(Newton.Step, _trialPredictors);
        for (var i = 0; i < Predictors.Length; i++)
            if (Math.Abs(_trialPredictors[i]) > FarStep * (1 + Math.Abs(Predictors[i])))
                return true;
        return false;
    }

    private bool Improve(bool isNearRounding)
    {
        var before = PenalisedDeviance;
        var tolerance = 1e-13 * (Math.Abs(before) + _design.Rows);
        var length = 1.0;
        for (var halving = 0; halving < MaxHalvings; halving++, length /= 2)
        {
            if (!TryMove(Newton.Step, length) || !(isNearRounding || _trialPenalised <= before + tolerance))
                continue;
            Accept();
            return true;
        }
        return false;
    }

    private double _trialDeviance,
        _trialPenalised;

    /// <summary>Evaluates the deviance at coefficients + length · step; false if a predictor or mean is not valid there.</summary>
    private bool TryMove(double[] step, double length)
    {
        for (var j = 0; j < _trial.Length; j++)
            _trial[j] = Coefficients[j] + (length * step[j]);
        Predict(_trial, _trialPredictors);
        for (var i = 0; i < _trialPredictors.Length; i++)
        {
            _trialPredictors[i] += _design.Offset[i];
            if (!_family.Link.IsValid(_trialPredictors[i]))
                return false;
        }
        _family.Link.Invert(_trialPredictors, _trialMeans, _slopes);
        foreach (var mean in _trialMeans)
            if (!_family.IsValidMean(mean))
                return false;
        _trialDeviance = _family.Deviance(_responses, _trialMeans, _design.Weights, Shape, _work);
        _trialPenalised = _trialDeviance;
        var penalised = _trial.AsSpan(_design.Free);
        for (var j = 0; j < penalised.Length; j++)
            _trialPenalised += penalised[j] * FixedOrder.Dot(Penalty.Row(j), penalised);
        return double.IsFinite(_trialPenalised);
    }

    private void Accept()
    {
        _trial.CopyTo(Coefficients, 0);
        _trialPredictors.CopyTo(Predictors, 0);
        _trialMeans.CopyTo(Means, 0);
        (Deviance, PenalisedDeviance) = (_trialDeviance, _trialPenalised);
    }

    /// <summary>Starts from the unpenalised coefficients nearest to a constant predictor, the link of the mean response.</summary>
    private bool StartFromConstant()
    {
        var constant = _family.Link.Apply(WeightedMean.Compute(_responses, _design.Weights));
        for (var j = 0; j < _trial.Length; j++)
        {
            Newton.Step[j] = 0;
            if (j < _design.Free)
                foreach (var value in _design.Predictors.Row(j))
                    Newton.Step[j] += value * constant;
        }
        if (!TryMove(Newton.Step, 1))
            return false;
        Accept();
        return true;
    }
}
