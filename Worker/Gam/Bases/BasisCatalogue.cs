using HpcFit.Shared.Failures;
using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>The bases by name, with mgcv's defaults of k and m.</summary>
internal static class BasisCatalogue
{
    /// <summary>The default number of functions of a smooth of one variable that is no margin.</summary>
    public const int SizeOfSmooth = 10;

    private const double ShrinkageOfNullSpace = 0.1;

    /// <summary>The basis names that <c>bs=</c> accepts.</summary>
    public static IReadOnlyList<string> Names { get; } = ["tp", "ts", "cr", "cs", "cc", "ps", "cp", "bs", "gp", "ad", "fs", "sz", "re"];

    /// <summary>Builds one margin's basis, unconstrained and with unscaled penalties.</summary>
    /// <param name="margin">The requested margin.</param>
    /// <param name="covariates">The margin's own covariates.</param>
    /// <param name="knots">Knots given by covariate name.</param>
    /// <param name="defaultSize">The default k of one variable: 10 in s, 5 in tensor products.</param>
    /// <param name="label">The smooth's label, for messages.</param>
    public static Basis Build(
        MarginRequest margin,
        IReadOnlyList<Covariate> covariates,
        IReadOnlyDictionary<string, IReadOnlyList<double>> knots,
        int defaultSize,
        string label
    )
    {
        if (margin.Basis == "re")
            return RandomEffect(covariates);
        if (covariates.FirstOrDefault(c => c.Codes is not null) is { } factor)
            throw new BadInputException(
                $"{label}: '{factor.Name}' is a factor, and \"{margin.Basis}\" needs a numeric variable; use bs=\"re\", or "
                    + $"by={factor.Name}."
            );
        var values = covariates.Select(c => c.Values).ToArray();
        if (margin.Basis is not ("tp" or "ts" or "gp") && values.Length > (margin.Basis == "ad" ? 2 : 1))
            throw new BadInputException(
                $"{label}: basis \"{margin.Basis}\" takes {(margin.Basis == "ad" ? "one variable or two" : "one variable")}, got "
                    + $"{values.Length}; use bs=\"tp\", or te() of several."
            );
        var given = knots.TryGetValue(covariates[0].Name, out var list) ? list.ToArray() : null;
        if (margin.MaxKnots is { } most && given is null)
            RefuseSubsample(values, most, label);
        var size = margin.Size is > 0 and var k ? k : defaultSize;
        return margin.Basis switch
        {
            "tp" or "ts" => ThinPlate(margin, values, defaultSize, Points(covariates, knots, label), label),
            "cr" => CubicBasis.Build(values[0], CubicKnots(values[0], Math.Max(size, 3), given, cyclic: false, label), cyclic: false),
            "cs" => Shrunk(
                CubicBasis.Build(values[0], CubicKnots(values[0], Math.Max(size, 3), given, cyclic: false, label), cyclic: false),
                geometric: true
            ),
            "cc" => CubicBasis.Build(values[0], CubicKnots(values[0], Math.Max(size, 4), given, cyclic: true, label), cyclic: true),
            "ps" or "cp" => PSpline(margin, values[0], size, given, label),
            "bs" => BSpline(margin, values[0], defaultSize, given, label),
            "gp" => GaussianProcessBasis.Build(
                values,
                margin.Size ?? (defaultSize == SizeOfSmooth ? GaussianProcessBasis.DefaultSize(values.Length) : defaultSize),
                margin.Order,
                Points(covariates, knots, label),
                label
            ),
            "ad" => Adaptive(margin, covariates, knots, label),
            _ => throw new BadInputException($"{label}: unknown basis \"{margin.Basis}\". {NearestNames.Hint(margin.Basis, Names)}"),
        };
    }

    /// <summary>
    /// mgcv draws a random subset if there are more distinct values than <c>max.knots</c>, which cannot be reproduced without R.
    /// </summary>
    private static void RefuseSubsample(double[][] values, int most, string label)
    {
        if (UniquePoints.Find(values).Points[0].Length is var unique && unique > most)
            throw new BadInputException(
                $"{label}: xt has max.knots = {most} and there are {unique} unique covariate values, of which mgcv would draw a random "
                    + "subset. Leave max.knots out to use all of them, or give the points as --knots."
            );
    }

    /// <summary>The knots of a thin plate spline, which are points with one coordinate per variable.</summary>
    private static double[][]? Points(
        IReadOnlyList<Covariate> covariates,
        IReadOnlyDictionary<string, IReadOnlyList<double>> knots,
        string label
    )
    {
        var given = covariates.Select(covariate => knots.GetValueOrDefault(covariate.Name)).ToList();
        if (given.All(list => list is null))
            return null;
        return given.All(list => list?.Count == given[0]?.Count)
            ? [.. given.Select(list => list!.ToArray())]
            : throw new BadInputException(
                $"{label}: the knots of {string.Join(" and ", covariates.Select(covariate => covariate.Name))} are points; give as "
                    + "many for each of them, or for none."
            );
    }

    private static Basis ThinPlate(MarginRequest margin, double[][] values, int defaultSize, double[][]? knots, string label)
    {
        int d = values.Length,
            order = (int)(margin.Order is { Count: > 0 } m ? m[0] : double.NaN);
        if (margin.Order is not { Count: > 0 } given || double.IsNaN(given[0]) || 2 * order <= d)
            order = ThinPlateBasis.DefaultOrder(d);
        var dropNull = margin.Order is { Count: > 1 } two && two[1] == 0;
        var size =
            margin.Size is > 0 and var k ? k
            : d == 1 ? defaultSize
            : ThinPlateBasis.DefaultSize(d, order);
        var basis = ThinPlateBasis.Build(values, size, order, dropNull, knots, label);
        return margin.Basis == "ts" ? Shrunk(basis, geometric: false) : basis;
    }

    private static Basis PSpline(MarginRequest margin, double[] values, int size, double[]? given, string label)
    {
        var degree = margin.Order is { Count: > 0 } m && !double.IsNaN(m[0]) ? (int)m[0] : 2;
        var penalty = margin.Order is { Count: > 1 } two && !double.IsNaN(two[1]) ? (int)two[1] : degree;
        var lowest = margin.Basis == "cp" ? 0 : -1;
        if (degree < lowest)
            throw new BadInputException($"{label}: m is {degree}; the splines are of degree m + 1, so m must be at least {lowest}.");
        if (penalty < 0 || penalty >= size)
            throw new BadInputException(
                $"{label}: the penalty's order is {penalty}; for k = {size} it is 0 to {size - 1}: m=c({degree}, "
                    + $"{Math.Clamp(penalty, 0, size - 1)})."
            );
        return PSplineBasis.Build(values, size, degree, penalty, given, margin.Basis == "cp", label);
    }

    private static Basis BSpline(MarginRequest margin, double[] values, int defaultSize, double[]? given, string label)
    {
        int[] orders = margin.Order is { Count: > 0 } m && !double.IsNaN(m[0]) ? [.. m.Select(one => (int)one)] : [3, 2];
        if (orders.Length == 1)
            orders = [orders[0], orders[0] - 1];
        if (orders[0] < 1 || orders.Skip(1).Any(order => order < 0 || order > orders[0]))
            throw new BadInputException(
                $"{label}: m is {string.Join(", ", orders)}; it is the degree of the B-splines, at least 1, and the orders of the "
                    + "penalised derivatives, from 0 to the degree: m=c(3, 2)."
            );
        var size = margin.Size ?? Math.Max(defaultSize, orders[0]);
        return BSplineBasis.Build(values, size, orders[0], orders[1..], given, label);
    }

    private static Basis Adaptive(
        MarginRequest margin,
        IReadOnlyList<Covariate> covariates,
        IReadOnlyDictionary<string, IReadOnlyList<double>> knots,
        string label
    )
    {
        var basis = margin with { Basis = margin.Within ?? "ps", Order = null };
        if (covariates.Count == 1)
            return AdaptiveBasis.Build(
                Build(basis, covariates, knots, AdaptiveBasis.DefaultSize, label),
                Penalties(0, AdaptiveBasis.DefaultPenalties),
                label
            );
        return AdaptiveSurface.Build(
            Of(0),
            Of(1),
            (Penalties(0, AdaptiveSurface.DefaultPenalties), Penalties(1, AdaptiveSurface.DefaultPenalties)),
            label
        );

        Basis Of(int variable) =>
            Build(
                basis with
                {
                    Size = margin.SizeOfSecond is { } size && variable == 1 ? size : margin.Size,
                },
                [covariates[variable]],
                knots,
                AdaptiveSurface.DefaultSize,
                label
            );

        int Penalties(int variable, int otherwise) =>
            margin.Order is { Count: > 0 } m && m[Math.Min(variable, m.Count - 1)] is var count && !double.IsNaN(count)
                ? (int)count
                : otherwise;
    }

    private static double[] CubicKnots(double[] values, int size, double[]? given, bool cyclic, string label)
    {
        if (given is null)
            return CubicBasis.PlaceKnots(values, size, label);
        if (given.Length == size)
            return [.. given.Order()];
        if (given.Length == 2 && cyclic)
            return CubicBasis.PlaceKnots([.. values, given.Min(), given.Max()], size, label);
        throw new BadInputException(
            $"{label}: {given.Length} knots were given and k is {size}; give {size} "
                + $"knots{(cyclic ? ", or 2 for the ends of the cycle" : "")}."
        );
    }

    private static Basis RandomEffect(IReadOnlyList<Covariate> covariates)
    {
        // As in model.matrix, the first factor's levels vary fastest.
        var x = Indicator(covariates[0]);
        foreach (var covariate in covariates.Skip(1))
            x = Indicator(covariate).RowKronecker(x);
        return new Basis(x, [DenseMatrix.Identity(x.Columns)], 0);
    }

    private static DenseMatrix Indicator(Covariate covariate)
    {
        var x = new DenseMatrix(covariate.Length, covariate.Codes is null ? 1 : covariate.Levels!.Count);
        for (var i = 0; i < x.Rows; i++)
        {
            if (covariate.Codes is null)
                x[i, 0] = covariate.Values[i];
            else
                x[i, covariate.Codes[i]] = 1;
        }
        return x;
    }

    /// <summary>
    /// Gives the null space a small penalty (Wood 2017, §5.4.3): a tenth of the smallest positive eigenvalue; for cubic splines multiplied
    /// by another tenth for each further null vector. The first null vector of a cubic spline is the one that is zero at the first knot
    /// (<see cref="NullVectors"/>).
    /// </summary>
    private static Basis Shrunk(Basis basis, bool geometric)
    {
        var penalty = basis.Penalties[0];
        var eigen = new SymmetricEigen(penalty);
        int k = penalty.Rows,
            nulls = basis.NullDimension;
        var directions = eigen.Vectors.TakeColumns([.. Enumerable.Range(0, nulls)]);
        if (geometric)
            directions = NullVectors.ZeroFirst(directions);
        var shrunk = new DenseMatrix(k, k);
        var size = eigen.Values[nulls] * ShrinkageOfNullSpace;
        penalty.Values.CopyTo(shrunk.Values, 0);
        for (var d = 0; d < nulls; d++)
        {
            for (var i = 0; i < k; i++)
            for (var j = 0; j < k; j++)
                shrunk[i, j] += size * directions[i, d] * directions[j, d];
            if (geometric)
                size *= ShrinkageOfNullSpace;
        }
        return basis with { Penalties = [shrunk], NullDimension = 0 };
    }
}
