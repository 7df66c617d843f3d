using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Mixed.Reference;

/// <summary>
/// -2 log L of one element from its definition: V = I + Z ΛΛ' Z' of all rows is formed and factored (Searle, Casella, McCulloch 1992,
/// Variance Components, chapter 6).
/// </summary>
internal sealed class ReferenceProfile
{
    private readonly ReferenceTables _tables;
    private readonly IReadOnlyList<ReferenceTerm> _terms;
    private readonly bool _isRestricted;
    private readonly double[] _response;

    /// <param name="tables">The rows.</param>
    /// <param name="terms">The random terms.</param>
    /// <param name="isRestricted">Whether the likelihood is restricted.</param>
    /// <param name="response">The response by subject.</param>
    public ReferenceProfile(ReferenceTables tables, IReadOnlyList<ReferenceTerm> terms, bool isRestricted, ReadOnlySpan<double> response)
    {
        (_tables, _terms, _isRestricted) = (tables, terms, isRestricted);
        _response = new double[tables.Subjects.Length];
        for (var row = 0; row < _response.Length; row++)
            _response[row] = tables.Roots[row] * (response[tables.Subjects[row]] - tables.Offsets[row]);
        Parameters =
        [
            .. terms.SelectMany(
                (term, t) =>
                    Enumerable
                        .Range(0, term.Effects)
                        .SelectMany(column => Enumerable.Range(column, term.Effects - column).Select(row => (t, row, column)))
            ),
        ];
    }

    /// <summary>The entries of Λ: term, row and column; columns one after the other.</summary>
    public IReadOnlyList<(int Term, int Row, int Column)> Parameters { get; }

    /// <summary>The number of rows.</summary>
    public int Rows => _response.Length;

    /// <summary>The rank of the fixed effects.</summary>
    public int Rank => _tables.Basis.Columns;

    /// <summary>The divisor of the squares in the residual variance.</summary>
    public int Degrees => _isRestricted ? Rows - Rank : Rows;

    /// <summary>The criterion.</summary>
    public double Criterion { get; private set; }

    /// <summary>The generalised residual sum of squares.</summary>
    public double Squares { get; private set; }

    /// <summary>The fixed effects in coordinates on Q.</summary>
    public double[] Coordinates { get; private set; } = [];

    /// <summary>V⁻¹.</summary>
    public DenseMatrix InverseV { get; private set; } = new(0, 0);

    /// <summary>(Q'V⁻¹Q)⁻¹.</summary>
    public DenseMatrix Covariance { get; private set; } = new(0, 0);

    /// <summary>V⁻¹Q.</summary>
    public DenseMatrix Weighted { get; private set; } = new(0, 0);

    /// <summary>V⁻¹r, r the residuals of generalised least squares.</summary>
    public double[] WeightedResiduals { get; private set; } = [];

    /// <summary>Computes everything at θ; returns the criterion.</summary>
    public double Evaluate(ReadOnlySpan<double> theta)
    {
        var v = DenseMatrix.Identity(Rows);
        for (var t = 0; t < _terms.Count; t++)
            AddProducts(t, FactorOf(t, theta), v);
        if (!Cholesky.TryFactor(v))
            throw new ArithmeticException("V is not positive definite.");
        var log = Cholesky.LogDeterminant(v.Values, Rows);
        var inverse = new DenseMatrix(Rows, Rows);
        Cholesky.InvertFactor(v, inverse);
        InverseV = inverse.Transposed().Times(inverse);
        Weighted = InverseV.Times(_tables.Basis);
        var information = _tables.Basis.Transposed().Times(Weighted);
        Covariance = InverseOf(information, out var logInformation);
        var cross = new double[Rank];
        for (var row = 0; row < Rows; row++)
            FixedOrder.Add(_response[row], Weighted.Row(row), cross);
        Coordinates = [.. Enumerable.Range(0, Rank).Select(c => FixedOrder.Dot(Covariance.Row(c), cross))];
        double[] residuals =
        [
            .. Enumerable.Range(0, Rows).Select(row => _response[row] - FixedOrder.Dot(_tables.Basis.Row(row), Coordinates)),
        ];
        WeightedResiduals = [.. Enumerable.Range(0, Rows).Select(row => FixedOrder.Dot(InverseV.Row(row), residuals))];
        Squares = FixedOrder.Dot(residuals, WeightedResiduals);
        Criterion =
            log
            + (_isRestricted ? logInformation + _tables.LogDeterminant : 0)
            - _tables.LogWeights
            + (Degrees * (1 + ReproducibleMath.Log(Math.Tau * Squares / Degrees)));
        return Criterion;
    }

    /// <summary>The gradient of -2 log L in θ at a residual variance, at the last θ.</summary>
    public double[] Gradient(ReadOnlySpan<double> theta, double variance)
    {
        var projector = _isRestricted ? InverseV.Minus(Weighted.Times(Covariance).Times(Weighted.Transposed())) : InverseV;
        var gradient = new double[theta.Length];
        for (var k = 0; k < gradient.Length; k++)
        {
            var slope = Slope(k, theta);
            gradient[k] = FixedOrder.Dot(projector.Values, slope.Values) - (SquaresOf(slope) / variance);
        }
        return gradient;
    }

    /// <summary>r'V⁻¹ M V⁻¹r.</summary>
    public double SquaresOf(DenseMatrix matrix)
    {
        var sum = 0.0;
        for (var row = 0; row < Rows; row++)
            sum += WeightedResiduals[row] * FixedOrder.Dot(matrix.Row(row), WeightedResiduals);
        return sum;
    }

    /// <summary>dV/dθ of a parameter.</summary>
    public DenseMatrix Slope(int k, ReadOnlySpan<double> theta)
    {
        var (t, row, column) = Parameters[k];
        var (factor, effects) = (FactorOf(t, theta), _terms[t].Effects);
        var inner = new DenseMatrix(effects, effects);
        for (var a = 0; a < effects; a++)
        {
            inner[row, a] += factor[a, column];
            inner[a, row] += factor[a, column];
        }
        return Products(t, inner);
    }

    /// <summary>dV/dγ, γ the relative variance or covariance of a parameter's effects.</summary>
    public DenseMatrix ComponentSlope(int k)
    {
        var (t, row, column) = Parameters[k];
        var inner = new DenseMatrix(_terms[t].Effects, _terms[t].Effects);
        inner[row, column] = inner[column, row] = 1;
        return Products(t, inner);
    }

    /// <summary>The lower factor of a term.</summary>
    public DenseMatrix FactorOf(int t, ReadOnlySpan<double> theta)
    {
        var factor = new DenseMatrix(_terms[t].Effects, _terms[t].Effects);
        for (var k = 0; k < theta.Length; k++)
            if (Parameters[k].Term == t)
                factor[Parameters[k].Row, Parameters[k].Column] = theta[k];
        return factor;
    }

    private static DenseMatrix InverseOf(DenseMatrix matrix, out double logDeterminant)
    {
        var (factor, inverse) = (matrix.Scaled(1), new DenseMatrix(matrix.Rows, matrix.Rows));
        if (!Cholesky.TryFactor(factor))
            throw new ArithmeticException("Q'V⁻¹Q is not positive definite.");
        logDeterminant = Cholesky.LogDeterminant(factor.Values, matrix.Rows);
        Cholesky.InvertFactor(factor, inverse);
        return inverse.Transposed().Times(inverse);
    }

    private void AddProducts(int t, DenseMatrix factor, DenseMatrix target)
    {
        var products = Products(t, factor.Times(factor.Transposed()));
        FixedOrder.Add(1, products.Values, target.Values);
    }

    /// <summary>Z (I ⊗ M) Z' of a term.</summary>
    private DenseMatrix Products(int t, DenseMatrix inner)
    {
        var (effects, levels) = (_tables.Effects[t], _tables.Levels[t]);
        var (images, products) = (effects.Times(inner), new DenseMatrix(Rows, Rows));
        for (var i = 0; i < Rows; i++)
        for (var j = 0; j < Rows; j++)
            if (levels[i] == levels[j])
                products[i, j] = FixedOrder.Dot(images.Row(i), effects.Row(j));
        return products;
    }
}
