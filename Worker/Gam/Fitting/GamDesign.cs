using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Algebra;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>A smooth's place in the model matrix.</summary>
/// <param name="Smooth">The smooth.</param>
/// <param name="First">Its first coefficient.</param>
/// <param name="FirstPenalty">Its first penalty in the model's list.</param>
internal sealed record PlacedSmooth(Smooth Smooth, int First, int FirstPenalty)
{
    /// <summary>How many coefficients.</summary>
    public int Count => Smooth.X.Columns;
}

/// <summary>
/// Everything about a model that does not depend on the response, for one set of rows: the factorised model matrix and the penalties in
/// its orthonormal coordinates. Immutable; shared by all threads and elements with these rows.
/// </summary>
/// <remarks>
/// With X = Q R the penalised fit is <c>min ‖f - b‖² + Σ λⱼ bᵀ S̃ⱼ b</c>, f = Qᵀy, b = R β, S̃ = R⁻ᵀ S R⁻¹ (Wood 2017, §6.2): an element
/// enters by f and its residual sum of squares only.
/// </remarks>
internal sealed class GamDesign
{
    private const double RangeTolerance = 1e-9;

    /// <summary>Assembles and factorises the model matrix.</summary>
    /// <param name="parametric">Parametric columns: rows × columns.</param>
    /// <param name="smooths">The smooths, on the same rows.</param>
    /// <param name="weights">Prior weights; null: all 1.</param>
    /// <param name="method">The criterion.</param>
    /// <param name="gamma">Its multiplier of model complexity.</param>
    public GamDesign(DenseMatrix parametric, IReadOnlyList<Smooth> smooths, double[]? weights, SmoothnessMethod method, double gamma)
    {
        Method = method;
        Gamma = gamma;
        Rows = parametric.Rows;
        ParametricCount = parametric.Columns;
        Weights = weights;
        X = parametric;
        var placed = new List<PlacedSmooth>();
        var fixedValues = new List<double>();
        foreach (var smooth in smooths)
        {
            placed.Add(new PlacedSmooth(smooth, X.Columns, fixedValues.Count));
            fixedValues.AddRange(smooth.SmoothingParameters);
            X = X.Beside(smooth.X);
        }
        Smooths = placed;
        FixedParameters = [.. fixedValues];
        if (weights is not null)
        {
            var weighted = new DenseMatrix(Rows, X.Columns);
            for (var i = 0; i < Rows; i++)
                for (var j = 0; j < X.Columns; j++) weighted[i, j] = X[i, j] * Math.Sqrt(weights[i]);
            X = weighted;
            foreach (var weight in weights) LogWeights += ReproducibleMath.Log(weight);
        }
        Basis = new ThinQr(X);
        R = Basis.R;
        DataPart = DenseMatrix.Identity(X.Columns);
        if (Basis.Dependent.Count > 0) UsePenaltiesToIdentify();
        InverseR = LinearSolve.General(R, DenseMatrix.Identity(X.Columns));
        if (Basis.Dependent.Count > 0) DataPart = Basis.R.Times(InverseR);
        Roots = [.. EmbeddedRoots()];
        SmoothTriangles = [.. placed.Select(place => new ThinQr(X.TakeColumns([.. Enumerable.Range(place.First, place.Count)])).R)];
        FreeDirections = [.. placed.Select(CountFreeDirections)];
        LogDeterminantOfGram = 2 * Enumerable.Range(0, X.Columns).Sum(i => ReproducibleMath.Log(R[i, i]));
        (RangeRoots, var unpenalised) = PenaltyRanges();
        UnpenalisedCount = unpenalised.Columns;
        if (method is SmoothnessMethod.Ml or SmoothnessMethod.PearsonMl && Roots.Count > 0) (MlRoots, LogDeterminantOfMlGram) = PenalisedPart(unpenalised);
        UpperLogs = [.. Roots.Select(root => ReproducibleMath.Log(LargestRatio / root.Values.Sum(v => v * v)))];
        StartLogs = [.. Enumerable.Range(0, Roots.Count).Select(StartLog)];
    }

    /// <summary>λ ‖S̃‖ beyond which a term counts as fully smoothed; edf is then within 1e-9 or so of its limit.</summary>
    private const double LargestRatio = 1e12;

    /// <summary>The criterion.</summary>
    public SmoothnessMethod Method { get; }

    /// <summary>Multiplies model complexity in the criterion.</summary>
    public double Gamma { get; }

    /// <summary>How many rows.</summary>
    public int Rows { get; }

    /// <summary>
    /// Q, rows × <see cref="Dimension"/>, row-major: columns are orthonormal or zero and span the weighted model matrix, so √w (y - offset)
    /// enters by its projections on them.
    /// </summary>
    public ReadOnlySpan<double> Projector => Basis.Q.Values;

    /// <summary>How many columns <see cref="Projector"/> has; at most the number of coefficients.</summary>
    public int Dimension => X.Columns;

    /// <summary>How many parametric columns.</summary>
    public int ParametricCount { get; }

    /// <summary>Prior weights, or null.</summary>
    public double[]? Weights { get; }

    /// <summary>Σ log w.</summary>
    public double LogWeights { get; }

    /// <summary>The model matrix, rows scaled by √w.</summary>
    public DenseMatrix X { get; }

    /// <summary>Its orthonormal basis; a column that depends on others is zero there.</summary>
    public ThinQr Basis { get; }

    /// <summary>The triangle that leads coefficients to the working coordinates, invertible also where only penalties identify them.</summary>
    public DenseMatrix R { get; private set; }

    /// <summary><c>V = QᵀX R⁻¹</c>: the unit matrix where the columns are independent.</summary>
    public DenseMatrix DataPart { get; }

    /// <summary><c>R⁻¹</c>.</summary>
    public DenseMatrix InverseR { get; }

    /// <summary>The smooths in their places.</summary>
    public IReadOnlyList<PlacedSmooth> Smooths { get; }

    /// <summary>By smooth: the triangle of its own columns, for tests.</summary>
    public IReadOnlyList<DenseMatrix> SmoothTriangles { get; }

    /// <summary>By smooth: how many of its directions no unpenalised column spans.</summary>
    public IReadOnlyList<int> FreeDirections { get; }

    /// <summary>By penalty, its root E with <c>EᵀE = R⁻ᵀ S R⁻¹</c>: rank × p.</summary>
    public IReadOnlyList<DenseMatrix> Roots { get; }

    /// <summary>λ by penalty where it is fixed; negative: estimated.</summary>
    public double[] FixedParameters { get; }

    /// <summary><c>log|XᵀX|</c>.</summary>
    public double LogDeterminantOfGram { get; }

    /// <summary>By smooth: its penalties' roots on the range of their sum.</summary>
    public IReadOnlyList<IReadOnlyList<(int Index, DenseMatrix Root)>> RangeRoots { get; }

    /// <summary>The dimension that no penalty sees: M.</summary>
    public int UnpenalisedCount { get; }

    /// <summary>For ML: the penalties' roots in orthonormal coordinates of the penalised part.</summary>
    public IReadOnlyList<(int Index, DenseMatrix Root)>? MlRoots { get; }

    /// <summary>For ML: <c>log|ŪᵀXᵀXŪ|</c>, Ū the penalised directions.</summary>
    public double LogDeterminantOfMlGram { get; }

    /// <summary>By penalty: the largest log λ tried.</summary>
    public double[] UpperLogs { get; }

    /// <summary>By penalty: log λ where every element starts.</summary>
    public double[] StartLogs { get; }

    private int CountFreeDirections(PlacedSmooth place)
    {
        var parametric = X.TakeColumns([.. Enumerable.Range(0, ParametricCount)]);
        var own = X.TakeColumns([.. Enumerable.Range(place.First, place.Count)]);
        return place.Count - new ThinQr(parametric.Beside(own)).Dependent.Count(column => column >= ParametricCount);
    }

    /// <summary>Columns that depend on each other (a random effect beside the intercept) are told apart by their penalties.</summary>
    private void UsePenaltiesToIdentify()
    {
        var extra = new List<double[]>();
        foreach (var place in Smooths)
            foreach (var penalty in place.Smooth.Penalties)
            {
                var root = Root(penalty);
                var size = X.InfinityNorm() / root.InfinityNorm();
                for (var i = 0; i < root.Rows; i++)
                {
                    var row = new double[X.Columns];
                    for (var j = 0; j < root.Columns; j++) row[place.First + j] = size * root[i, j];
                    extra.Add(row);
                }
            }
        var stacked = new DenseMatrix(X.Columns + extra.Count, X.Columns);
        Basis.R.Values.CopyTo(stacked.Values, 0);
        for (var i = 0; i < extra.Count; i++) extra[i].CopyTo(stacked.Row(X.Columns + i));
        var qr = new ThinQr(stacked);
        if (qr.Dependent.Count > 0)
            throw new AliasedColumnsException($"Column {qr.Dependent[0] + 1} of the model matrix is a combination of the columns before it, and no penalty tells them apart.");
        R = qr.R;
    }

    private IEnumerable<DenseMatrix> EmbeddedRoots()
    {
        foreach (var place in Smooths)
        {
            var rows = new DenseMatrix(place.Count, X.Columns);
            for (var i = 0; i < place.Count; i++) InverseR.Row(place.First + i).CopyTo(rows.Row(i));
            foreach (var penalty in place.Smooth.Penalties) yield return Root(penalty).Times(rows);
        }
    }

    private static DenseMatrix Root(DenseMatrix penalty)
    {
        var eigen = new SymmetricEigen(penalty);
        var seen = Enumerable.Range(0, penalty.Rows).Where(i => eigen.Values[i] > RangeTolerance * eigen.Values[^1]).ToArray();
        var root = new DenseMatrix(seen.Length, penalty.Rows);
        for (var i = 0; i < seen.Length; i++)
            for (var j = 0; j < penalty.Rows; j++) root[i, j] = Math.Sqrt(eigen.Values[seen[i]]) * eigen.Vectors[j, seen[i]];
        return root;
    }

    private (IReadOnlyList<IReadOnlyList<(int, DenseMatrix)>> Ranges, DenseMatrix Unpenalised) PenaltyRanges()
    {
        var ranges = new List<IReadOnlyList<(int, DenseMatrix)>>();
        var nullColumns = new List<double[]>();
        void AddNull(int first, DenseMatrix vectors, int column)
        {
            var full = new double[X.Columns];
            for (var i = 0; i < vectors.Rows; i++) full[first + i] = vectors[i, column];
            nullColumns.Add(full);
        }
        AddNullOf(DenseMatrix.Identity(ParametricCount), 0);
        void AddNullOf(DenseMatrix vectors, int first)
        {
            for (var j = 0; j < vectors.Columns; j++) AddNull(first, vectors, j);
        }
        foreach (var place in Smooths)
        {
            if (place.Smooth.Penalties.Count == 0)
            {
                AddNullOf(DenseMatrix.Identity(place.Count), place.First);
                continue;
            }
            var total = new DenseMatrix(place.Count, place.Count);
            foreach (var penalty in place.Smooth.Penalties)
            {
                var norm = penalty.OneNorm();
                for (var i = 0; i < total.Values.Length; i++) total.Values[i] += penalty.Values[i] / norm;
            }
            var eigen = new SymmetricEigen(total);
            var seen = Enumerable.Range(0, place.Count).Where(i => eigen.Values[i] > RangeTolerance * eigen.Values[^1]).ToArray();
            AddNullOf(eigen.Vectors.TakeColumns([.. Enumerable.Range(0, place.Count).Except(seen)]), place.First);
            var range = eigen.Vectors.TakeColumns(seen);
            ranges.Add([.. place.Smooth.Penalties.Select((penalty, j) => (place.FirstPenalty + j, Root(penalty).Times(range)))]);
        }
        var unpenalised = new DenseMatrix(X.Columns, nullColumns.Count);
        for (var j = 0; j < nullColumns.Count; j++)
            for (var i = 0; i < X.Columns; i++) unpenalised[i, j] = nullColumns[j][i];
        return (ranges, unpenalised);
    }

    private (IReadOnlyList<(int, DenseMatrix)>, double) PenalisedPart(DenseMatrix unpenalised)
    {
        var penalised = NullSpace.Last(unpenalised.Transposed());
        var qr = new ThinQr(X.Times(penalised));
        var inverse = LinearSolve.General(qr.R, DenseMatrix.Identity(penalised.Columns));
        // R of X leads each root back to the coefficients.
        var map = R.Times(penalised).Times(inverse);
        var terms = Roots.Select((root, j) => (j, root.Times(map))).ToList();
        return (terms, 2 * Enumerable.Range(0, penalised.Columns).Sum(i => ReproducibleMath.Log(qr.R[i, i])));
    }

    /// <summary>Where data and penalty weigh alike on the penalised coefficients.</summary>
    private double StartLog(int penalty)
    {
        if (FixedParameters[penalty] >= 0) return ReproducibleMath.Log(Math.Max(FixedParameters[penalty], double.Epsilon * 1e16));
        var place = Smooths.Last(s => s.FirstPenalty <= penalty && s.Smooth.Penalties.Count > 0);
        var matrix = place.Smooth.Penalties[penalty - place.FirstPenalty];
        double data = 0, wiggle = 0;
        for (var i = 0; i < place.Count; i++)
        {
            if (matrix[i, i] <= 1e-10 * matrix.InfinityNorm()) continue;
            wiggle += matrix[i, i];
            for (var r = 0; r < Rows; r++) data += X[r, place.First + i] * X[r, place.First + i];
        }
        return ReproducibleMath.Log(data / wiggle);
    }
}
