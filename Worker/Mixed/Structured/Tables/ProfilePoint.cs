using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Mixed.Structured.Tables;

/// <summary>
/// What the criterion needs at one θ apart from the response: C⁻¹ of the classes of absorbed groups, and the factor of the dense block
/// B = T'(E'V⁻¹E)T + diag(1 of random effects, 0 of fixed ones), V the covariance of the absorbed effects and residuals.
/// </summary>
internal sealed class ProfilePoint(int parameters)
{
    /// <summary>θ.</summary>
    public double[] Theta { get; } = new double[parameters];

    /// <summary>C⁻¹, one value per class and pair of absorbed effects.</summary>
    public double[] Inverses { get; private set; } = [];

    /// <summary>The Cholesky factor of B, lower, row-major.</summary>
    public double[] Factor { get; private set; } = [];

    /// <summary>ln |Var y| / σ² without the weights' part; NaN if rounding made B indefinite.</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>… and the information of the coordinates on Q.</summary>
    public double RestrictedLogDeterminant { get; private set; }

    /// <summary>Computes the point.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="factors">Receives the factors at θ.</param>
    /// <param name="absorbed">The absorbed groups' algebra.</param>
    /// <param name="information">Receives E'V⁻¹E.</param>
    /// <param name="product">Receives E'V⁻¹E T.</param>
    /// <param name="dense">Receives B.</param>
    public void Compute(
        StructuredDesign design,
        RelativeFactors factors,
        AbsorbedInformation absorbed,
        Span<double> information,
        Span<double> product,
        Span<double> dense
    )
    {
        var (size, count) = (design.Size, design.Groups.Classes * design.Groups.Pairs);
        if (Factor.Length < size * size)
            Factor = new double[size * size];
        if (Inverses.Length < count)
            Inverses = new double[count];
        factors.Set(Theta);
        var ofClasses = absorbed.Invert(design.Groups, factors.Absorbed, Inverses);
        design.Within.AsSpan(0, size * size).CopyTo(information);
        absorbed.Accumulate(design, Inverses, information);
        Congruent(factors, information, product, dense, size);
        for (var c = 0; c < size - design.Rank; c++)
            dense[(c * size) + c] += 1;
        dense[..(size * size)].CopyTo(Factor);
        var isDefinite = Cholesky.TryFactor(Factor, size);
        var dimension = size - design.Rank;
        LogDeterminant = isDefinite ? ofClasses + LogDeterminantOf(0, dimension, size) : double.NaN;
        RestrictedLogDeterminant = LogDeterminant + (isDefinite ? LogDeterminantOf(dimension, size, size) : 0);
    }

    /// <summary>T'M T of a symmetric M into <paramref name="target"/>, and M T into <paramref name="product"/>.</summary>
    public static void Congruent(RelativeFactors factors, ReadOnlySpan<double> matrix, Span<double> product, Span<double> target, int size)
    {
        matrix[..(size * size)].CopyTo(product);
        factors.MultiplyRight(product, size, size);
        for (var a = 0; a < size; a++)
        for (var b = 0; b < size; b++)
            target[(a * size) + b] = product[(b * size) + a];
        factors.MultiplyRight(target, size, size);
    }

    private double LogDeterminantOf(int first, int end, int size)
    {
        var pivots = new LogarithmOfProduct();
        for (var c = first; c < end; c++)
            pivots.Multiply(Factor[(c * size) + c]);
        return 2 * pivots.Value;
    }
}
