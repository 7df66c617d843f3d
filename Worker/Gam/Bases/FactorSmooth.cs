using HpcFit.Shared.Failures;
using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// Smooths for each level of a factor in one term: random curves (<c>bs="fs"</c>), all of whose functions are penalised, and deviations
/// that sum to zero over the levels (<c>bs="sz"</c>), so that a smooth of all data can be in the model as well.
/// </summary>
/// <remarks>
/// Wood 2017 (2nd ed.), §7.7.4 (random curves); Pedersen, Miller, Simpson and Ross 2019, PeerJ 7, e6876. In fs each unpenalised function of
/// the curves has a penalty of its own. Which functions of their space these are is not determined by the model: here, as in mgcv, they are
/// orthogonal over the data, and in the coordinates of the basis's QR factorisation the first component of one of them is zero
/// (<see cref="NullVectors"/>).
/// </remarks>
internal static class FactorSmooth
{
    /// <summary>Whether a basis is of this kind.</summary>
    public static bool Is(string basis) => basis is "fs" or "sz";

    /// <summary>Builds the term, with scaled penalties.</summary>
    /// <param name="request">The request, with one margin.</param>
    /// <param name="within">Builds the basis of the curves, unconstrained and with unscaled penalties.</param>
    public static Basis Build(SmoothRequest request, Func<IReadOnlyList<Covariate>, Basis> within)
    {
        var margin = request.Margins[0];
        var numeric = Enumerable.Range(0, request.Covariates.Count).Where(i => request.Covariates[i].Codes is null).ToArray();
        var factors = Enumerable.Range(0, request.Covariates.Count).Except(numeric).ToArray();
        if (numeric.Length == 0 || factors.Length == 0 || (factors.Length > 1 && margin.Basis == "fs"))
            throw new BadInputException(
                $"{request.Label}: bs=\"{margin.Basis}\" takes a numeric variable and "
                    + $"{(margin.Basis == "fs" ? "one factor" : "one or more factors")}; got "
                    + $"{Count(numeric.Length, "numeric variable")} and {Count(factors.Length, "factor")}."
            );
        if (margin.Basis == "fs" && margin.Fixed)
            throw new BadInputException($"{request.Label}: random curves (bs=\"fs\") are penalised; remove fx=TRUE, or use by=.");
        var curves = within([.. numeric.Select(i => request.Covariates[i])]);
        if (curves.Penalties.Count != 1)
            throw new BadInputException($"{request.Label}: the curves of bs=\"{margin.Basis}\" need a basis with one penalty.");
        var levels = factors.Select(i => request.Covariates[i].Levels!.Count).ToArray();
        double[][] values =
        [
            .. request.Covariates.Select(one => one.Codes is { } codes ? [.. codes.Select(code => (double)code)] : one.Values),
        ];
        var parts = margin.Basis == "fs" ? RandomCurves(curves, levels[0]) : Deviations(curves, levels, request.Id is not null);
        DenseMatrix At(double[][] points, Func<double[][], DenseMatrix> basis) =>
            Codes(points, factors, levels, parts.Codes).RowKronecker(basis([.. numeric.Select(i => points[i])]).Times(parts.Map));
        var x = Codes(values, factors, levels, parts.Codes).RowKronecker(curves.X.Times(parts.Map));
        return new Basis(x, margin.Fixed ? [] : parts.Penalties, parts.NullDimension)
        {
            At = points => At(points, curves.At!),
            SlopeAt = curves.SlopeAt is { } slopeAt ? points => At(points, slopeAt) : null,
        };
    }

    private static (DenseMatrix Map, List<DenseMatrix> Codes, List<DenseMatrix> Penalties, int NullDimension) RandomCurves(
        Basis curves,
        int levels
    )
    {
        var map = NaturalCoordinates(curves);
        int k = curves.X.Columns,
            rank = k - curves.NullDimension;
        var x = curves.X.Times(map);
        var size = x.InfinityNorm() * x.InfinityNorm();
        var penalties = new List<DenseMatrix>();
        for (var part = 0; part <= curves.NullDimension; part++)
        {
            var own = new DenseMatrix(k, k);
            for (var i = part == 0 ? 0 : rank + part - 1; i < (part == 0 ? rank : rank + part); i++)
                own[i, i] = size;
            penalties.Add(DenseMatrix.Identity(levels).Kronecker(own));
        }
        return (map, [DenseMatrix.Identity(levels)], penalties, 0);
    }

    /// <summary>
    /// Coefficients × [penalised functions, the others], in which penalty and Gram matrix are both diagonal; each part has mean square 1
    /// on average.
    /// </summary>
    private static DenseMatrix NaturalCoordinates(Basis curves)
    {
        var qr = new ThinQr(curves.X);
        int k = curves.X.Columns,
            nulls = curves.NullDimension,
            rank = k - nulls,
            n = curves.X.Rows;
        var inverse = LinearSolve.General(qr.R, DenseMatrix.Identity(k));
        var eigen = new SymmetricEigen(curves.Penalties[0].Congruent(inverse));
        var free = NullVectors.ZeroFirst(eigen.Vectors.TakeColumns([.. Enumerable.Range(0, nulls)])).Scaled(Math.Sqrt(n));
        var range = eigen.Vectors.TakeColumns([.. Enumerable.Range(nulls, rank).Reverse()]);
        var squares = 0.0;
        for (var j = 0; j < rank; j++)
            squares += 1 / eigen.Values[k - 1 - j];
        for (var j = 0; j < rank; j++)
        for (var i = 0; i < k; i++)
            range[i, j] *= Math.Sqrt(n * rank / squares / eigen.Values[k - 1 - j]);
        return inverse.Times(range.ConcatenateColumns(free));
    }

    private static (DenseMatrix Map, List<DenseMatrix> Codes, List<DenseMatrix> Penalties, int NullDimension) Deviations(
        Basis curves,
        int[] levels,
        bool isShared
    )
    {
        List<DenseMatrix> contrasts = [.. levels.Select(SumToZero)];
        var all = contrasts.Aggregate((a, b) => a.Kronecker(b));
        var penalty = curves.WithScaledPenalties().Penalties[0];
        var penalties = new List<DenseMatrix>();
        for (var level = 0; level < all.Rows; level++)
        {
            var row = new DenseMatrix(1, all.Columns);
            all.Row(level).CopyTo(row.Row(0));
            penalties.Add(row.Transposed().Times(row).Kronecker(penalty));
        }
        if (isShared)
            penalties = [all.Transposed().Times(all).Kronecker(penalty)];
        return (DenseMatrix.Identity(curves.X.Columns), contrasts, penalties, curves.NullDimension * all.Columns);
    }

    /// <summary>Levels × (levels - 1): the last level's coefficient is minus the sum of the others.</summary>
    private static DenseMatrix SumToZero(int levels)
    {
        var contrast = new DenseMatrix(levels, levels - 1);
        for (var i = 0; i < levels - 1; i++)
            (contrast[i, i], contrast[levels - 1, i]) = (1, -1);
        return contrast;
    }

    /// <summary>The factors' codes as columns, the last factor's varying fastest.</summary>
    private static DenseMatrix Codes(double[][] points, int[] factors, int[] levels, List<DenseMatrix> contrasts)
    {
        DenseMatrix? all = null;
        for (var f = 0; f < factors.Length; f++)
        {
            var codes = new DenseMatrix(points[0].Length, contrasts[f].Columns);
            for (var i = 0; i < codes.Rows; i++)
                contrasts[f].Row(Math.Clamp((int)points[factors[f]][i], 0, levels[f] - 1)).CopyTo(codes.Row(i));
            all = all?.RowKronecker(codes) ?? codes;
        }
        return all!;
    }

    private static string Count(int count, string noun) => CountText.Format(count, noun);
}
