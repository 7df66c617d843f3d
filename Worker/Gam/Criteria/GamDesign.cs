using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The part of a model that does not depend on the response, for one set of rows: the factorised model matrix in coordinates in which the
/// penalties are diagonal. Immutable; shared by all threads and elements with these rows.
/// </summary>
/// <remarks>
/// Coefficients are <c>β = P [u; γ]</c>: u without, γ with penalties, and <c>√w X P = Q [I 0; 0 G]</c> with Q orthonormal. The input of an
/// element is <c>f = Qᵀ √w (y - offset)</c> and its residual sum of squares; its fit is <c>u = f_u</c>, <c>(GᵀG + Σ λⱼ Dⱼ) γ = Gᵀ f_γ</c>
/// (Wood 2017, §6.2). The coordinates of a single penalty also make GᵀG diagonal (Demmler and Reinsch 1975), so that no factorisation is
/// needed. Determinants of the change of coordinates cancel in <c>log|XᵀX+S| - log|S|₊</c>.
/// </remarks>
internal sealed class GamDesign
{
    /// <summary>The smallest eigenvalue of the penalised columns' correlation matrix for which normal equations keep eight
    /// digits.</summary>
    private const double MinIndependence = 1e-8;

    /// <summary>The squared length, relative to its smooth's longest column, below which a column in its own axes is rounding
    /// error.</summary>
    private const double Rounding = 1e-24;

    private readonly DenseMatrix _freeColumns;

    /// <summary>Assembles and factorises the model matrix, all of whose columns are dense.</summary>
    /// <param name="parametric">Parametric columns: rows × columns.</param>
    /// <param name="smooths">The smooths, on the same rows.</param>
    /// <param name="weights">Prior weights; null: all 1.</param>
    /// <param name="method">The criterion.</param>
    /// <param name="gamma">Its multiplier of model complexity.</param>
    /// <exception cref="AliasedColumnsException">There are fewer rows than coefficients, or other smooths span all columns of a
    /// smooth.</exception>
    public GamDesign(DenseMatrix parametric, IReadOnlyList<Smooth> smooths, double[]? weights, SmoothnessMethod method, double gamma)
        : this(new PlacedColumns(parametric, SideConditions.Impose(smooths, parametric), absorbed: []), weights, method, gamma, random: [])
    { }

    private GamDesign(PlacedColumns columns, double[]? weights, SmoothnessMethod method, double gamma, IReadOnlyList<RandomBlock> random)
    {
        Method = method;
        // As in mgcv, the P- forms do not use it.
        Gamma = method is SmoothnessMethod.PearsonReml or SmoothnessMethod.PearsonMl ? 1 : gamma;
        (X, Rows, ParametricCount) = (columns.X, columns.X.Rows, columns.ParametricCount);
        (Smooths, PenalisedCount, FirstCovariance) = (columns.Smooths, columns.PenalisedCount, columns.FixedParameters.Length);
        Random = RandomBlock.Place(random, Smooths, FirstCovariance);
        var covariances = Random.Sum(term => term.Entries.Count(entry => entry.IsCovariance));
        FixedParameters = [.. columns.FixedParameters, .. Enumerable.Repeat(-1.0, covariances)];
        Weights = weights;
        Counted = weights?.Count(weight => weight > 0) ?? Rows;
        if (Counted < columns.Count)
            throw new AliasedColumnsException($"The model has {columns.Count} coefficients and only {Counted} rows to estimate them from.");
        if (weights is not null)
        {
            if (Counted < Rows)
                Unweighted = X;
            X = Weighted(X);
            foreach (var weight in weights.Where(weight => weight > 0))
                LogWeights += ReproducibleMath.Log(weight);
        }

        var free = _freeColumns = columns.FreeColumns();
        var kept = UnpenalisedColumns.Independent(X.Times(free));
        var invisible = kept.Length < free.Columns ? free.Times(UnpenalisedColumns.Invisible(X.Times(free), kept)) : null;
        IntegratedCount = free.Columns;
        UnpenalisedOf = [.. Smooths.Select(place => kept.Count(column => columns.IsOf(place, column)))];
        free = free.TakeColumns(kept);
        UnpenalisedCount = free.Columns;
        var turned = Smooths.Where(place => IsDenselyPenalised(place) && place.Smooth.Penalties.Count == 1 && !IsCorrelated(place));
        var factorised = new FactorisedColumns(X, free, columns.PenalisedColumns(), turned, HasOnePenalty);
        (Projections, Factor, FreeShares) = (factorised.Projections, factorised.Factor, factorised.FreeShares);
        ToCoefficients = factorised.ToCoefficients;
        if (invisible is not null && method == SmoothnessMethod.Gcv)
        {
            ToCoefficients = UnpenalisedColumns.WithoutInvisible(ToCoefficients, invisible);
            Shared = new SharedDegrees(this, Projections);
        }

        Gram = Factor.Transposed().Times(Factor);
        if (HasOnePenalty)
            DropOffDiagonals(Gram);
        if (method is SmoothnessMethod.Ml or SmoothnessMethod.PearsonMl)
            MlFactor = Smooths.Any(place => place.Smooth.Uncentred is not null)
                ? OwnFactor(factorised.Penalised)
                : FreeShares.ConcatenateRows(Factor);
        LogDeterminantOfUnpenalised = method is SmoothnessMethod.Reml or SmoothnessMethod.PearsonReml
            ? 2 * factorised.DiagonalOfFree.Sum(ReproducibleMath.Log)
            : 0;
        Diagonals = Smooths.All(place => place.Coordinates.Diagonals is not null) ? EmbeddedDiagonals() : null;
        IsWellConditioned = Diagonals is not null && HasIndependentColumns(columns.AbsorbedColumns.Count > 0);
        Constant = new(Projections, weights);
        if (Random.Count > 0)
            Blocks = BlockedEffects.Create(this, Projections, columns.AbsorbedColumns);
        else if (columns.AbsorbedColumns is [var apart])
        {
            var index = Smooths.ToList().FindIndex(place => place.IsAbsorbed);
            var scale = Smooths[index].Smooth.Penalties[0][0, 0];
            Absorbed = new(PenaltyCount - 1, index, scale, Weighted(apart), Projections, UnpenalisedCount, Factor, MlFactor);
        }
        Search = new SearchRange(this);
    }

    /// <summary>The design with a random effect of many levels absorbed, if the model has one that can be.</summary>
    /// <param name="parametric">Parametric columns: rows × columns.</param>
    /// <param name="smooths">The smooths, on the same rows.</param>
    /// <param name="weights">Prior weights; null: all 1.</param>
    /// <param name="method">The criterion.</param>
    /// <param name="gamma">Its multiplier of model complexity.</param>
    /// <param name="absorption">The rule.</param>
    /// <exception cref="AliasedColumnsException">As for the constructor.</exception>
    public static GamDesign Create(
        DenseMatrix parametric,
        IReadOnlyList<Smooth> smooths,
        double[]? weights,
        SmoothnessMethod method,
        double gamma,
        Absorption absorption = Absorption.ByCost
    )
    {
        var imposed = SideConditions.Impose(smooths, parametric);
        if (AbsorptionChoice.Choose(imposed, weights, method, absorption) is { } absorbed)
        {
            var design = new GamDesign(new PlacedColumns(parametric, imposed, [absorbed]), weights, method, gamma, random: []);
            if (
                design.IsWellConditioned
                && design.Constant.IsSpannedBy(design.UnpenalisedCount)
                && imposed.All(smooth => smooth.Uncentred is null)
            )
                return design;
        }
        return new(new PlacedColumns(parametric, imposed, absorbed: []), weights, method, gamma, random: []);
    }

    /// <summary>
    /// The design of a model with correlated random effects: those of the factor with the most columns are eliminated group by group.
    /// </summary>
    /// <param name="parametric">Parametric columns: rows × columns.</param>
    /// <param name="smooths">The smooths, on the same rows, with one of <c>bs = "re"</c> for each random effect.</param>
    /// <param name="weights">Prior weights; null: all 1.</param>
    /// <param name="method">The criterion: REML or ML.</param>
    /// <param name="gamma">Its multiplier of model complexity.</param>
    /// <param name="factors">Per grouping factor its terms, and per term the places of its smooths.</param>
    /// <exception cref="AliasedColumnsException">As for the constructor.</exception>
    public static GamDesign Create(
        DenseMatrix parametric,
        IReadOnlyList<Smooth> smooths,
        double[]? weights,
        SmoothnessMethod method,
        double gamma,
        IReadOnlyList<IReadOnlyList<int[]>> factors
    )
    {
        Smooth[] imposed = [.. SideConditions.Impose(smooths, parametric)];
        var random = RandomBlock.Standardise(imposed, factors);
        Smooth[] absorbed = [.. random.Where(term => term.IsAbsorbed).SelectMany(term => term.Smooths).Order().Select(i => imposed[i])];
        return new(new PlacedColumns(parametric, imposed, absorbed), weights, method, gamma, random);
    }

    /// <summary>Whether a smooth can be combined with correlated random effects.</summary>
    public static bool AllowsCorrelated(Smooth smooth, SmoothnessMethod method) =>
        (smooth.Uncentred is null || method == SmoothnessMethod.Reml)
        && new PenaltyCoordinates(smooth.Penalties, smooth.X.Columns).Diagonals is not null;

    /// <summary>The random terms of a model with correlated random effects; otherwise none.</summary>
    public IReadOnlyList<RandomBlock> Random { get; }

    /// <summary>The random effects of a model with correlated ones that are eliminated group by group; otherwise null.</summary>
    public BlockedEffects? Blocks { get; }

    /// <summary>The first parameter that is no smoothing parameter but an entry of a factor of covariances.</summary>
    public int FirstCovariance { get; }

    /// <summary>The random effect whose coefficients are not among the columns; null: none.</summary>
    public AbsorbedEffect? Absorbed { get; }

    /// <summary>The number of coefficients including absorbed ones.</summary>
    public int AllCoefficients => CoefficientCount + Smooths.Where(place => place.IsAbsorbed).Sum(place => place.Count);

    /// <summary>The size of an element's input: its projections, then the sums of absorbed effects.</summary>
    public int InputLength => Dimension + (Absorbed?.InputLength ?? 0) + (Blocks?.InputLength ?? 0);

    /// <summary>What computes these sums; null: there are none.</summary>
    public IEffectSums? CreateSums() =>
        Absorbed is not null ? new AbsorbedSums(Absorbed)
        : Blocks is not null ? new BlockedSums(Blocks)
        : null;

    /// <summary>The criterion.</summary>
    public SmoothnessMethod Method { get; }

    /// <summary>Multiplies model complexity in the criterion; 1 for the P- forms.</summary>
    public double Gamma { get; }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>
    /// The number of rows with a weight above 0. As in mgcv, the others contribute to the bases, and count in the estimate of the scale and
    /// in the residual degrees of freedom; likelihoods, GCV.Cp and its scale count only these.
    /// </summary>
    public int Counted { get; }

    /// <summary>The unweighted model matrix if some weights are 0; otherwise null.</summary>
    public DenseMatrix? Unweighted { get; }

    /// <summary>
    /// Q, rows × <see cref="Dimension"/>, row-major: columns are orthonormal or zero and span the weighted model matrix; √w (y - offset) is
    /// projected on them.
    /// </summary>
    public ReadOnlySpan<double> Projector => Projections.Values;

    /// <summary>The number of columns of <see cref="Projector"/>: unpenalised coordinates, then penalised ones.</summary>
    public int Dimension => UnpenalisedCount + PenalisedCount;

    /// <summary>The number of coefficients, without absorbed ones.</summary>
    public int CoefficientCount => X.Columns;

    /// <summary>The number of parametric columns.</summary>
    public int ParametricCount { get; }

    /// <summary>Prior weights, or null.</summary>
    public double[]? Weights { get; }

    /// <summary>Σ log w over the weights above 0.</summary>
    public double LogWeights { get; private set; }

    /// <summary>The model matrix, rows scaled by √w.</summary>
    public DenseMatrix X { get; private set; }

    /// <summary>The smooths with their positions.</summary>
    public IReadOnlyList<PlacedSmooth> Smooths { get; }

    /// <summary>The number of parameters of the search: smoothing parameters, and entries of factors of covariances.</summary>
    public int PenaltyCount => FixedParameters.Length;

    /// <summary>
    /// Whether one smooth is penalised, by one penalty, apart from an absorbed one: then all coordinates can be orthogonal.
    /// </summary>
    public bool HasOnePenalty => Smooths.Count(IsDenselyPenalised) == 1 && Smooths.First(IsDenselyPenalised).Smooth.Penalties.Count == 1;

    /// <summary>λ per penalty if fixed; negative: estimated, as all entries of factors.</summary>
    public double[] FixedParameters { get; }

    /// <summary>M: the dimension of the penalties' joint null space, without collinear columns.</summary>
    public int UnpenalisedCount { get; }

    /// <summary>
    /// The same including columns dropped as collinear, which mgcv's likelihoods count among the unpenalised dimensions.
    /// </summary>
    public int IntegratedCount { get; }

    /// <summary>Per smooth, the number of these dimensions that belong to it.</summary>
    public IReadOnlyList<int> UnpenalisedOf { get; }

    /// <summary>
    /// The smooths' degrees of freedom if GCV.Cp distributes them among dependent columns; null: no dependent columns, or another method.
    /// </summary>
    public SharedDegrees? Shared { get; }

    /// <summary>The number of penalised coordinates γ.</summary>
    public int PenalisedCount { get; }

    /// <summary>P: coefficients × <see cref="Dimension"/>.</summary>
    public DenseMatrix ToCoefficients { get; }

    /// <summary>G; with one penalty it is diagonal.</summary>
    public DenseMatrix Factor { get; }

    /// <summary>GᵀG.</summary>
    public DenseMatrix Gram { get; }

    /// <summary>
    /// The penalised columns' projections on the unpenalised coordinates: <see cref="UnpenalisedCount"/> × <see cref="PenalisedCount"/>.
    /// </summary>
    public DenseMatrix FreeShares { get; }

    /// <summary>
    /// For ML, which does not project the unpenalised columns out: a factor of the penalised columns' own Gram matrix; otherwise null.
    /// </summary>
    public DenseMatrix? MlFactor { get; }

    /// <summary>Per penalty, its diagonal Dⱼ in γ; null if some smooth's penalties cannot be diagonalised simultaneously.</summary>
    public IReadOnlyList<double[]>? Diagonals { get; }

    /// <summary>
    /// Whether penalties are diagonal and normal equations are accurate; otherwise fits use orthogonal factorisations.
    /// </summary>
    public bool IsWellConditioned { get; }

    /// <summary>For REML, the contribution of the unpenalised columns to <c>log|XᵀX+S|</c>; otherwise 0.</summary>
    public double LogDeterminantOfUnpenalised { get; }

    /// <summary>Start and bounds of every element's search for smoothing parameters.</summary>
    public SearchRange Search { get; }

    /// <summary>The constant function in <see cref="Projector"/>'s coordinates.</summary>
    public ConstantFunction Constant { get; }

    private DenseMatrix Projections { get; }

    /// <summary>A penalty's root in γ: its rank × <see cref="PenalisedCount"/>.</summary>
    public DenseMatrix RootOf(int penalty)
    {
        var result = new DenseMatrix(0, PenalisedCount);
        foreach (var place in SmoothsOf(penalty).Where(place => !place.IsAbsorbed))
        {
            var root = place.Coordinates.Roots[penalty - place.FirstPenalty];
            var embedded = new DenseMatrix(root.Rows, PenalisedCount);
            for (var i = 0; i < root.Rows; i++)
                root.Row(i).CopyTo(embedded.Row(i)[place.FirstPenalised..]);
            result = result.ConcatenateRows(embedded);
        }
        return result;
    }

    /// <summary>The smooths with a penalty: one, or all those with its smooth's <c>id</c>.</summary>
    public IEnumerable<PlacedSmooth> SmoothsOf(int penalty) =>
        Smooths.Where(place => place.FirstPenalty <= penalty && penalty < place.FirstPenalty + place.Smooth.Penalties.Count);

    /// <summary>The triangular factor of a smooth's own columns: <c>Xₛ = Q R</c>, R with a positive diagonal.</summary>
    public DenseMatrix TriangleOf(PlacedSmooth place) => new ThinQr(X.TakeColumns([.. Enumerable.Range(place.First, place.Count)])).R;

    /// <summary>
    /// The number of a wholly penalised smooth's directions that are not spanned by unpenalised functions: parametric columns, or those of
    /// another smooth, such as the straight line of <c>s(x)</c> in a model with <c>s(g, x, bs="re")</c>. Unpenalised functions absorb all
    /// of a shared effect, whatever the response.
    /// </summary>
    public int CountFreeDirections(PlacedSmooth place)
    {
        if (place.IsAbsorbed)
            return Absorbed!.CountFreeDirections(UnpenalisedCount);
        var free = X.Times(_freeColumns);
        var own = X.TakeColumns([.. Enumerable.Range(place.First, place.Count)]);
        return place.Count - new ThinQr(free.ConcatenateColumns(own)).Dependent.Count(column => column >= free.Columns);
    }

    /// <summary>Whether a smooth belongs to a term of correlated random effects, whose groups have to remain coordinates.</summary>
    private bool IsCorrelated(PlacedSmooth place) =>
        Random.Any(term => term.Effects > 1 && term.Smooths.Any(smooth => Smooths[smooth] == place));

    private static bool IsDenselyPenalised(PlacedSmooth place) => place.Smooth.Penalties.Count > 0 && !place.IsAbsorbed;

    private DenseMatrix Weighted(DenseMatrix columns)
    {
        if (Weights is null)
            return columns;
        var weighted = new DenseMatrix(Rows, columns.Columns);
        for (var i = 0; i < Rows; i++)
            FixedOrder.Add(Math.Sqrt(Weights[i]), columns.Row(i), weighted.Row(i));
        return weighted;
    }

    /// <summary>The triangular factor of the penalised columns without projection.</summary>
    private DenseMatrix OwnFactor(DenseMatrix toColumns)
    {
        var x = new DenseMatrix(Rows, X.Columns);
        X.Values.CopyTo(x.Values, 0);
        foreach (var place in Smooths)
            if (place.Smooth.Uncentred is { } uncentred)
                x.SetBlock(0, place.First, Weighted(uncentred));
        return new ThinQr(x.Times(toColumns)).R;
    }

    private static void DropOffDiagonals(DenseMatrix matrix)
    {
        for (var i = 0; i < matrix.Rows; i++)
        for (var j = 0; j < matrix.Columns; j++)
            if (i != j)
                matrix[i, j] = 0;
    }

    private List<double[]> EmbeddedDiagonals()
    {
        List<double[]> full = [.. FixedParameters.Select(_ => new double[PenalisedCount])];
        foreach (var place in Smooths.Where(IsDenselyPenalised))
            for (var j = 0; j < place.Smooth.Penalties.Count; j++)
                place.Coordinates.Diagonals![j].CopyTo(full[place.FirstPenalty + j], place.FirstPenalised);
        return full;
    }

    private bool HasIndependentColumns(bool isAbsorbing)
    {
        var least = new double[PenalisedCount];
        if (isAbsorbing)
            foreach (var place in Smooths)
            {
                var own = Enumerable.Range(place.FirstPenalised, place.PenalisedCount).ToArray();
                foreach (var i in own)
                    least[i] = Rounding * own.Max(j => Gram[j, j]);
            }
        var seen = Enumerable.Range(0, PenalisedCount).Where(i => Gram[i, i] > least[i]).ToArray();
        var correlations = new DenseMatrix(seen.Length, seen.Length);
        for (var i = 0; i < seen.Length; i++)
        for (var j = 0; j < seen.Length; j++)
            correlations[i, j] = Gram[seen[i], seen[j]] / (Math.Sqrt(Gram[seen[i], seen[i]]) * Math.Sqrt(Gram[seen[j], seen[j]]));
        return seen.Length == 0 || new SymmetricEigen(correlations).Values[0] > MinIndependence;
    }
}
