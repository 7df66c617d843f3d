using HpcFit.Shared.Failures;
using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// Builds the smooths of a formula's call: basis, scaled penalties, sum-to-zero constraint, <c>by</c> variable, null space penalty.
/// </summary>
/// <remarks>
/// Wood 2017 (2nd ed.), §5.4.1 (constraints), §5.6.2 (tensor products), §5.6.3 (interactions without main effects, <c>ti</c>); Wood 2006,
/// Biometrics 62, 1025-1036 (nodal parameterisation of the margins); Marra and Wood 2011, Comput. Statist. Data Anal. 55, 2372-2387
/// (select).
/// </remarks>
internal static class SmoothBuilder
{
    private const int SizeOfMargin = 5;

    /// <summary>
    /// The smooths of a call: one, or one per level of a factor <c>by</c> (an ordered factor's first level is the reference).
    /// </summary>
    public static IReadOnlyList<Smooth> Build(SmoothRequest request)
    {
        var basis = request.Function switch
        {
            "s" => Single(request),
            "te" or "ti" => Tensor(request),
            "t2" => AlternativeTensor.Build([.. request.Margins.Select(margin => Margin(request, margin))], request),
            _ => throw new BadInputException($"{request.Label}: unknown smooth '{request.Function}'; supported are s, te, ti and t2."),
        };
        var random = request.Margins.All(m => m.Basis == "re");
        if (request.Point is { } point)
            basis = request.Function == "t2" ? ConstrainFreeAt(basis, point) : ConstrainAt(basis, point);
        // Times a number that varies, the smooth's constant is no intercept.
        if (IsCentred(request) && request.By is not { Codes: null, IsConstant: false })
            basis = request.Function == "t2" ? ConstrainFree(basis) : Constrain(basis);
        basis = OfRows(basis, request);
        if (request.By is { Codes: null } number)
            return [Finish(request, MultiplyRows(basis, number.Values), number.Name, random)];
        if (request.By is not { Codes: { } codes } factor)
            return [Finish(request, basis, null, random)];
        var levels = Enumerable.Range(0, factor.Levels!.Count).Skip(factor.Ordered ? 1 : 0);
        return
        [
            .. levels.Select(level =>
                Finish(
                    request,
                    MultiplyRows(basis, [.. codes.Select(code => code == level ? 1.0 : 0.0)]),
                    factor.Name + factor.Levels[level],
                    random
                )
            ),
        ];
    }

    /// <summary>A basis, with its constraint, of the pooled values of several terms, at the rows of one.</summary>
    private static Basis OfRows(Basis basis, SmoothRequest request) =>
        request.Pooled is null ? basis : basis with { X = basis.At!([.. request.Covariates.Select(covariate => covariate.Values)]) };

    /// <summary>Whether the smooth sums to zero over the rows; the only margin of a ti is already centred.</summary>
    private static bool IsCentred(SmoothRequest request) =>
        request.Point is null
        && request.Function != "ti"
        && !request.Margins.Any(m => m.Basis is "re" or "fs" or "sz")
        && !DropsConstant(request);

    private static bool DropsConstant(SmoothRequest request) =>
        request.Function == "s" && request.Margins[0] is { Basis: "tp" or "ts", Order: { Count: > 1 } order } && order[1] == 0;

    private static Basis Single(SmoothRequest request)
    {
        var margin = request.Margins[0];
        if (FactorSmooth.Is(margin.Basis))
            return FactorSmooth.Build(request, curves => Curves(request, margin, curves));
        var basis = BasisCatalogue.Build(margin, SetUp(request, margin), request.Knots, BasisCatalogue.SizeOfSmooth, request.Label);
        return margin.Fixed ? basis with { Penalties = [] } : basis.WithScaledPenalties();
    }

    private static Basis Curves(SmoothRequest request, MarginRequest margin, IReadOnlyList<Covariate> covariates) =>
        BasisCatalogue.Build(
            margin with
            {
                Basis = margin.Within ?? "tp",
                Within = null,
            },
            covariates,
            request.Knots,
            BasisCatalogue.SizeOfSmooth,
            request.Label
        );

    /// <summary>The covariates of a margin, with the values from which its basis is built.</summary>
    private static List<Covariate> SetUp(SmoothRequest request, MarginRequest margin) =>
        [
            .. margin.Covariates.Select(i =>
                request.Pooled is { } pooled ? request.Covariates[i] with { Values = pooled[i] } : request.Covariates[i]
            ),
        ];

    private static Basis Tensor(SmoothRequest request)
    {
        var margins = request.Margins.Select(margin => Margin(request, margin)).ToList();
        var x = margins[0].X;
        foreach (var margin in margins.Skip(1))
            x = x.RowKronecker(margin.X);
        var penalties = new List<DenseMatrix>();
        for (var i = 0; i < margins.Count; i++)
        {
            if (request.Margins[i].Fixed)
                continue;
            var penalty = DenseMatrix.Identity(1);
            for (var j = 0; j < margins.Count; j++)
                penalty = penalty.Kronecker(j == i ? margins[j].Penalties[0] : DenseMatrix.Identity(margins[j].X.Columns));
            penalties.Add(penalty);
        }
        var nulls = margins
            .Zip(request.Margins, (basis, margin) => margin.Fixed ? basis.X.Columns : basis.NullDimension)
            .Aggregate(1, (a, b) => a * b);
        return new Basis(x, penalties, nulls)
        {
            At = points =>
                margins
                    .Select((basis, i) => basis.At!([.. request.Margins[i].Covariates.Select(c => points[c])]))
                    .Aggregate((a, b) => a.RowKronecker(b)),
            SlopeAt = margins is [var only] ? only.SlopeAt : null,
        }.WithScaledPenalties();
    }

    private static Basis Margin(SmoothRequest request, MarginRequest margin)
    {
        var covariates = SetUp(request, margin);
        var basis = BasisCatalogue.Build(margin, covariates, request.Knots, SizeOfMargin, request.Label);
        if (request.Function == "ti" && margin.Centred && margin.Basis != "re")
            basis = Constrain(basis);
        if (request.Function == "t2")
            return basis;
        if (request.Nodal && covariates.Count == 1 && margin.Basis is "tp" or "ts" or "ps" or "cp" or "bs" or "gp")
            basis = InValues(basis, covariates[0].Values);
        return basis with { Penalties = [basis.Penalties[0].Scaled(1 / new SymmetricEigen(basis.Penalties[0]).Values[^1])] };
    }

    /// <summary>
    /// Reparameterises a basis by the function's values at evenly spaced points, so that a margin's penalty has the same meaning in any
    /// basis.
    /// </summary>
    private static Basis InValues(Basis basis, double[] values)
    {
        int k = basis.X.Columns;
        double low = values.Min(),
            high = values.Max();
        var points = Enumerable.Range(0, k).Select(i => i == k - 1 ? high : low + i * ((high - low) / (k - 1))).ToArray();
        var atPoints = basis.At!([points]);
        return AreDependent(atPoints) ? basis : Transform(basis, LinearSolve.General(atPoints, DenseMatrix.Identity(k)));
    }

    /// <summary>Whether the functions' values at the points do not determine them: the ends of a cycle are one point.</summary>
    private static bool AreDependent(DenseMatrix atPoints)
    {
        var eigen = new SymmetricEigen(atPoints.Transposed().Times(atPoints));
        return eigen.Values[0] < 1e-14 * eigen.Values[^1];
    }

    private static Basis Constrain(Basis basis)
    {
        var means = new DenseMatrix(1, basis.X.Columns);
        for (var i = 0; i < basis.X.Rows; i++)
        for (var j = 0; j < basis.X.Columns; j++)
            means[0, j] += basis.X[i, j];
        for (var j = 0; j < means.Columns; j++)
            means[0, j] /= basis.X.Rows;
        return Transform(basis, NullSpace.Last(means)) with { NullDimension = Math.Max(0, basis.NullDimension - 1) };
    }

    private static Basis ConstrainAt(Basis basis, IReadOnlyList<double> point) =>
        Transform(basis, NullSpace.Last(basis.At!([.. point.Select(value => new[] { value })]))) with
        {
            NullDimension = Math.Max(0, basis.NullDimension - 1),
        };

    /// <summary>
    /// Constrains the unpenalised (last) columns of t2 and centres the others; there is no constraint if all are penalised.
    /// </summary>
    private static Basis ConstrainFree(Basis basis)
    {
        if (basis.NullDimension == 0)
            return basis;
        int k = basis.X.Columns,
            first = k - basis.NullDimension;
        var sums = new DenseMatrix(1, basis.NullDimension);
        for (var i = 0; i < basis.X.Rows; i++)
        for (var j = first; j < k; j++)
            sums[0, j - first] += basis.X[i, j];
        var uncentred = ConstrainFree(basis, sums);
        return uncentred.Centred() with { Uncentred = uncentred.X };
    }

    /// <summary>
    /// Constrains the unpenalised (last) columns of t2 at a point, where the others are made zero by constants: each part keeps its ridge
    /// penalty, and the fit is that of the smooth which sums to zero.
    /// </summary>
    private static Basis ConstrainFreeAt(Basis basis, IReadOnlyList<double> point)
    {
        var values = new DenseMatrix(1, basis.NullDimension);
        basis.At!([.. point.Select(value => new[] { value })]).Row(0)[^basis.NullDimension..].CopyTo(values.Values);
        var free = basis.NullDimension == 0 ? basis : ConstrainFree(basis, values);
        return free.LessValuesAt(point) with { Uncentred = free.X };
    }

    /// <summary>The unpenalised (last) columns of t2 under a constraint, a row of their coefficients.</summary>
    private static Basis ConstrainFree(Basis basis, DenseMatrix constraint)
    {
        int k = basis.X.Columns,
            first = k - basis.NullDimension;
        var turn = NullSpace.Last(constraint);
        var z = new DenseMatrix(k, k - 1);
        for (var i = 0; i < first; i++)
            z[i, i] = 1;
        for (var i = 0; i < turn.Rows; i++)
            turn.Row(i).CopyTo(z.Row(first + i)[first..]);
        return Transform(basis, z) with { NullDimension = basis.NullDimension - 1 };
    }

    private static Basis Transform(Basis basis, DenseMatrix z) =>
        basis with
        {
            X = basis.X.Times(z),
            Penalties = [.. basis.Penalties.Select(s => s.Congruent(z))],
            At = basis.At is { } at ? points => at(points).Times(z) : null,
            SlopeAt = basis.SlopeAt is { } slopeAt ? points => slopeAt(points).Times(z) : null,
        };

    private static Basis MultiplyRows(Basis basis, double[] factors) =>
        basis with
        {
            X = MultiplyRows(basis.X, factors),
            Uncentred = basis.Uncentred is { } uncentred ? MultiplyRows(uncentred, factors) : null,
        };

    private static DenseMatrix MultiplyRows(DenseMatrix x, double[] factors)
    {
        var result = new DenseMatrix(x.Rows, x.Columns);
        for (var i = 0; i < x.Rows; i++)
            FixedOrder.Add(factors[i], x.Row(i), result.Row(i));
        return result;
    }

    private static Smooth Finish(SmoothRequest request, Basis basis, string? by, bool random)
    {
        var penalties = basis.Penalties.ToList();
        var nulls = penalties.Count == 0 ? basis.X.Columns : basis.NullDimension;
        if (request.Select && penalties.Count > 0 && nulls > 0)
        {
            penalties.Add(NullSpacePenalty(penalties));
            nulls = 0;
        }
        var fixedValues = request.SmoothingParameters ?? [.. Enumerable.Repeat(-1.0, penalties.Count)];
        if (fixedValues.Count != penalties.Count)
            throw new BadInputException(
                $"{request.Label}: sp has {CountText.Format(fixedValues.Count, "value")} and the smooth has "
                    + $"{(penalties.Count == 1 ? "1 penalty" : $"{penalties.Count} penalties")}; give one each, negative to estimate."
            );
        return new Smooth
        {
            Label = by is null ? request.Label : $"{request.Label}:{by}",
            Variables = [.. request.Covariates.Select(c => c.Name)],
            By = by,
            X = basis.X,
            Uncentred = basis.Uncentred,
            Penalties = penalties,
            SmoothingParameters = fixedValues,
            NullDimension = nulls,
            At = basis.At,
            SlopeAt = basis.SlopeAt,
            Id = request.Id,
            IsRandomEffect = random,
            TakesSideConditions = !random && !FactorSmooth.Is(request.Margins[0].Basis),
        };
    }

    /// <summary>The projection onto the penalties' joint null space (Marra and Wood 2011, §2.1).</summary>
    private static DenseMatrix NullSpacePenalty(List<DenseMatrix> penalties)
    {
        var total = new DenseMatrix(penalties[0].Rows, penalties[0].Columns);
        foreach (var penalty in penalties)
        {
            var norm = penalty.OneNorm();
            for (var i = 0; i < total.Values.Length; i++)
                total.Values[i] += penalty.Values[i] / norm;
        }
        var eigen = new SymmetricEigen(total);
        var none = Enumerable.Range(0, total.Rows).Where(i => eigen.Values[i] < eigen.Values[^1] * 1e-10).ToArray();
        var basis = eigen.Vectors.TakeColumns(none);
        return basis.Times(basis.Transposed());
    }
}
