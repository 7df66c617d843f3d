using HpcFit.Shared.Failures;
using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>A smooth's basis at the rows from which it was built, with its penalties, before any constraint.</summary>
/// <param name="X">The basis functions at the rows: rows × k.</param>
/// <param name="Penalties">The penalty matrices, k × k; empty for an unpenalised smooth.</param>
/// <param name="NullDimension">The dimension of the penalties' joint null space.</param>
internal sealed record Basis(DenseMatrix X, IReadOnlyList<DenseMatrix> Penalties, int NullDimension)
{
    /// <summary>The basis at other covariate values; null if only the fit needs it (random effects).</summary>
    public Func<double[][], DenseMatrix>? At { get; init; }

    /// <summary>The derivatives of the functions of one variable at other values of it; null: several variables, or a factor.</summary>
    public Func<double[][], DenseMatrix>? SlopeAt { get; init; }

    /// <summary>The functions before centring; null: not centred.</summary>
    public DenseMatrix? Uncentred { get; init; }

    /// <summary>The same functions, each minus its mean over the rows.</summary>
    public Basis Centred()
    {
        var means = new double[X.Columns];
        for (var i = 0; i < X.Rows; i++)
            FixedOrder.Add(1.0 / X.Rows, X.Row(i), means);
        return Less(means);
    }

    /// <summary>The same functions, each minus its value at a point.</summary>
    /// <param name="point">One value per variable.</param>
    public Basis LessValuesAt(IReadOnlyList<double> point) => Less(At!([.. point.Select(value => new[] { value })]).Row(0).ToArray());

    private Basis Less(double[] values) => this with { X = Less(X, values), At = At is { } at ? points => Less(at(points), values) : null };

    private static DenseMatrix Less(DenseMatrix x, double[] means)
    {
        var result = new DenseMatrix(x.Rows, x.Columns);
        for (var i = 0; i < x.Rows; i++)
        {
            x.Row(i).CopyTo(result.Row(i));
            FixedOrder.Add(-1, means, result.Row(i));
        }
        return result;
    }

    /// <summary>
    /// Penalties scaled to the size of the basis, so that smoothing parameters are comparable: each is divided by <c>‖S‖₁ / ‖X‖∞²</c>. This
    /// determines the meaning of a fixed <c>sp</c> and of the REML value.
    /// </summary>
    public Basis WithScaledPenalties()
    {
        var size = X.InfinityNorm();
        return this with { Penalties = [.. Penalties.Select(s => s.Scaled(size * size / s.OneNorm()))] };
    }
}

/// <summary>A smooth cannot be built from the given rows: fewer unique covariate values than its basis needs.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
internal sealed class SmoothBasisException(string message, Exception? inner = null) : BadInputException(message, inner)
{
    /// <summary>What to do about a basis that is larger than the number of unique values.</summary>
    /// <param name="unique">The number of unique values.</param>
    /// <param name="smallest">The size of the smallest basis of this kind.</param>
    public static string Advice(int unique, int smallest) =>
        unique >= smallest
            ? $"set k to at most {unique}"
            : $"a smooth needs {smallest} or more, so write the variable as a factor or a linear term, or omit it";
}
