using HpcFit.Worker.Algebra;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Linear;

/// <summary>
/// What robust covariances need of the model matrix of some rows: per combination of coefficients, weights of the rows' squared residuals
/// (HC) or of the residuals, summed by cluster and squared (CR2). A reused workspace.
/// </summary>
/// <remarks>
/// Combinations are functionals w'u of the projections u = Q'y: first the coefficients, then the rows of each hypothesis. A test needs all
/// covariances among its rows, so HC has one column of weights per pair of them.
/// </remarks>
internal sealed class RobustFactors
{
    /// <summary>The part of a combination's length that a row's direction must have, if the combination depends on the row.</summary>
    private const double Depends = 1e-7;

    private readonly InferencePlan _plan;
    private readonly IReadOnlyList<Hypothesis> _hypotheses;
    private readonly int _columns;
    private readonly int[] _slotOf;
    private readonly int[] _productOf;
    private readonly int[] _count;
    private readonly int[] _given;
    private readonly double[] _functionals;
    private readonly bool[] _isKnown;
    private readonly double[] _basis;
    private readonly double[] _weights;
    private readonly int _widest;
    private readonly int _subjects;
    private readonly ClusterAdjustment? _clusters;
    private int _rows;
    private int _rank;

    /// <summary>Memory for evaluating.</summary>
    /// <param name="plan">What is computed.</param>
    /// <param name="subjects">The maximum number of rows.</param>
    /// <param name="columns">Columns of X.</param>
    public RobustFactors(InferencePlan plan, int subjects, int columns)
    {
        (_plan, _hypotheses, _columns) = (plan, plan.Hypotheses, columns);
        _slotOf = new int[_hypotheses.Count + 1];
        _productOf = new int[_hypotheses.Count + 1];
        (_slotOf[0], _productOf[0]) = (columns, columns);
        for (var h = 0; h < _hypotheses.Count; h++)
        {
            var rows = _hypotheses[h].Given.Count + _hypotheses[h].Rows.Count;
            _widest = Math.Max(_widest, rows);
            _slotOf[h + 1] = _slotOf[h] + rows;
            _productOf[h + 1] = _productOf[h] + (_hypotheses[h].Kind == HypothesisKind.F ? rows * (rows + 1) / 2 : 1);
        }
        (_count, _given) = (new int[_hypotheses.Count], new int[_hypotheses.Count]);
        _functionals = new double[_slotOf[^1] * columns];
        _isKnown = new bool[_slotOf[^1]];
        _basis = new double[subjects * columns];
        _weights = new double[subjects * _productOf[^1]];
        _subjects = subjects;
        if (plan.Clusters is not null)
            _clusters = new(plan.Clusters, subjects, columns, _slotOf[^1]);
    }

    /// <summary>Creates what a thread needs to evaluate the factors.</summary>
    public RobustWorkspace CreateWorkspace() => new(_subjects, Products, _widest);

    /// <summary>Columns of weights, and sums per element.</summary>
    public int Products => _productOf[^1];

    /// <summary>Weights of the rows, rows × <see cref="Products"/>, row-major; with clusters in the order of these.</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, _rows * Products);

    /// <summary>With clusters: the rows, those of a cluster together.</summary>
    public ReadOnlySpan<int> RowOrder => _clusters is null ? [] : _clusters.RowOrder;

    /// <summary>With clusters: where each cluster ends in <see cref="RowOrder"/>.</summary>
    public ReadOnlySpan<int> ClusterEnds => _clusters is null ? [] : _clusters.Ends;

    /// <summary>
    /// Whether a coefficient has no robust variance, because it depends on a row that the fit passes through whatever its response.
    /// </summary>
    /// <param name="column">The coefficient.</param>
    public bool IsUndefined(int column) =>
        _clusters is null && Enumerable.Range(0, _rows).Any(row => double.IsNaN(_weights[(row * Products) + column]));

    /// <summary>Computes everything for a factorisation.</summary>
    /// <param name="qr">The factors of √w X.</param>
    /// <param name="factors">What the hypotheses need of them.</param>
    /// <param name="subjects">The subject of each row.</param>
    /// <param name="rootWeights">√w of each row; empty without weights.</param>
    public void Compute(ILeastSquares qr, HypothesisFactors factors, ReadOnlySpan<int> subjects, ReadOnlySpan<double> rootWeights)
    {
        (_rows, _rank) = (subjects.Length, qr.Rank);
        qr.CopyBasis(_basis);
        FindFunctionals(qr, factors);
        if (_clusters is not null)
            _clusters.Compute(_basis.AsSpan(0, _rows * _rank), _rank, subjects, rootWeights, _functionals, _isKnown, _weights);
        else
            ComputeWeights();
    }

    private void FindFunctionals(ILeastSquares qr, HypothesisFactors factors)
    {
        Array.Clear(_functionals);
        Array.Clear(_isKnown);
        for (var k = 0; k < _rank; k++)
        {
            var functional = Functional(qr.Pivots[k]);
            functional[k] = 1;
            qr.SolveTransposed(functional);
            _isKnown[qr.Pivots[k]] = true;
        }
        for (var h = 0; h < _hypotheses.Count; h++)
        {
            var isWhole = _rank == _columns || _hypotheses[h].Kind == HypothesisKind.T;
            // Where columns are aliased, the directions of a test are its combinations.
            var vectors = isWhole ? factors.Functionals(h) : factors.Directions(h);
            _count[h] = double.IsNaN(factors.Scales[h]) ? 0 : vectors.Length / _rank;
            _given[h] = isWhole ? _hypotheses[h].Given.Count : 0;
            for (var i = 0; i < _count[h]; i++)
            {
                vectors.Slice(i * _rank, _rank).CopyTo(Functional(_slotOf[h] + i));
                _isKnown[_slotOf[h] + i] = true;
            }
        }
    }

    private void ComputeWeights()
    {
        for (var row = 0; row < _rows; row++)
        {
            var q = _basis.AsSpan(row * _rank, _rank);
            var factor = SandwichRows.Factor(_plan.StandardErrors!, Sequential.Dot(q, q), _rows, _rank);
            var target = _weights.AsSpan(row * Products, Products);
            for (var c = 0; c < _columns; c++)
                target[c] = Weight(q, c, c, factor);
            for (var h = 0; h < _hypotheses.Count; h++)
            for (int a = 0, product = _productOf[h]; a < _slotOf[h + 1] - _slotOf[h]; a++)
            for (var b = 0; b <= a; b++)
                target[product++] = Weight(q, _slotOf[h] + a, _slotOf[h] + b, factor);
        }
    }

    /// <summary>
    /// The weight of a row's squared residual. One without a factor (its residual is 0) has none in combinations that do not depend on it,
    /// and makes the others NaN.
    /// </summary>
    private double Weight(ReadOnlySpan<double> q, int a, int b, double factor) =>
        !double.IsNaN(factor) ? Sequential.Dot(q, Functional(a)) * Sequential.Dot(q, Functional(b)) * factor
        : DependsOn(q, a) && DependsOn(q, b) ? double.NaN
        : 0;

    private bool DependsOn(ReadOnlySpan<double> q, int slot) =>
        Math.Abs(Sequential.Dot(q, Functional(slot))) > Depends * Math.Sqrt(Sequential.Dot(Functional(slot), Functional(slot)));

    /// <summary>Stores the robust results of an element.</summary>
    /// <param name="responses">The weighted responses of the rows.</param>
    /// <param name="projections">u = Q'y.</param>
    /// <param name="element">The element's place in the block.</param>
    /// <param name="workspace">The thread's memory.</param>
    /// <param name="fits">Receives the results.</param>
    public void StoreElement(
        ReadOnlySpan<double> responses,
        ReadOnlySpan<double> projections,
        int element,
        RobustWorkspace workspace,
        HypothesisFits fits
    )
    {
        var residuals = workspace.Residuals.AsSpan(0, _rows);
        var sums = workspace.Sums;
        for (var row = 0; row < _rows; row++)
        {
            residuals[row] = responses[row];
            for (var k = 0; k < _rank; k++)
                residuals[row] -= _basis[(row * _rank) + k] * projections[k];
        }
        Array.Clear(sums);
        if (_clusters is not null)
            _clusters.Sum(residuals, _weights, sums);
        else
            for (var row = 0; row < _rows; row++)
            {
                var square = residuals[row] * residuals[row];
                for (var p = 0; p < sums.Length; p++)
                    sums[p] += square * _weights[(row * Products) + p];
            }
        Store(sums, projections, element, workspace, fits);
    }

    /// <summary>The same from the element's sums: weighted squares of residuals, or squares of weighted sums by cluster.</summary>
    public void Store(
        ReadOnlySpan<double> sums,
        ReadOnlySpan<double> projections,
        int element,
        RobustWorkspace workspace,
        HypothesisFits fits
    )
    {
        for (var c = 0; c < _columns; c++)
            StoreVariance(c, c, sums[c], element, fits);
        for (var h = 0; h < _hypotheses.Count; h++)
            if (_hypotheses[h].Kind == HypothesisKind.T)
                StoreVariance(_columns + h, _slotOf[h], sums[_productOf[h]], element, fits);
            else
                fits.RobustVariances(_columns + h)[element] = Wald(h, sums[_productOf[h]..], projections, workspace);
    }

    private void StoreVariance(int target, int slot, double variance, int element, HypothesisFits fits)
    {
        fits.RobustVariances(target)[element] = _isKnown[slot] ? variance : double.NaN;
        if (_clusters is not null)
            fits.RobustDegrees(target)[element] = _isKnown[slot] ? _clusters.Degrees[slot] : double.NaN;
    }

    /// <summary>
    /// With the covariance V = L L' of the given rows, then the tested ones, and z = L⁻¹ (their values): the squares of the last z.
    /// </summary>
    private double Wald(int h, ReadOnlySpan<double> packed, ReadOnlySpan<double> projections, RobustWorkspace workspace)
    {
        if (_count[h] == 0)
            return double.NaN;
        var (covariance, values, squares) = (workspace.Covariance, workspace.Values, 0.0);
        for (var i = 0; i < _count[h]; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var entry = packed[Packed(i, j)];
                for (var k = 0; k < j; k++)
                    entry -= covariance[Packed(i, k)] * covariance[Packed(j, k)];
                covariance[Packed(i, j)] = i == j ? Math.Sqrt(entry) : entry / covariance[Packed(j, j)];
            }
            var value = Sequential.Dot(projections, Functional(_slotOf[h] + i)[..projections.Length]);
            for (var k = 0; k < i; k++)
                value -= covariance[Packed(i, k)] * values[k];
            values[i] = value / covariance[Packed(i, i)];
            if (i >= _given[h])
                squares += values[i] * values[i];
        }
        return squares;
    }

    private Span<double> Functional(int slot) => _functionals.AsSpan(slot * _columns, _rank);

    private static int Packed(int row, int column) => (row * (row + 1) / 2) + column;
}
