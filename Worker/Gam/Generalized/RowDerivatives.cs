namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// Derivatives of each row's deviance d(y, η; ϑ) in its linear predictor η, and for families with a shape ϑ = log θ also in it. One value
/// per row; owned by the fit that allocates them.
/// </summary>
/// <param name="rows">The number of rows.</param>
/// <param name="hasShape">Whether the family has a shape.</param>
internal sealed class RowDerivatives(int rows, bool hasShape)
{
    /// <summary>∂d/∂η.</summary>
    public double[] First { get; } = new double[rows];

    /// <summary>∂²d/∂η².</summary>
    public double[] Second { get; } = new double[rows];

    /// <summary>∂³d/∂η³.</summary>
    public double[] Third { get; } = new double[rows];

    /// <summary>∂⁴d/∂η⁴.</summary>
    public double[] Fourth { get; } = new double[rows];

    /// <summary>∂d/∂ϑ.</summary>
    public double[] Shape { get; } = new double[hasShape ? rows : 0];

    /// <summary>∂²d/∂ϑ².</summary>
    public double[] ShapeTwice { get; } = new double[hasShape ? rows : 0];

    /// <summary>∂²d/∂η∂ϑ.</summary>
    public double[] FirstShape { get; } = new double[hasShape ? rows : 0];

    /// <summary>∂³d/∂η²∂ϑ.</summary>
    public double[] SecondShape { get; } = new double[hasShape ? rows : 0];

    /// <summary>∂⁴d/∂η³∂ϑ.</summary>
    public double[] ThirdShape { get; } = new double[hasShape ? rows : 0];

    /// <summary>∂³d/∂η∂ϑ².</summary>
    public double[] FirstShapeTwice { get; } = new double[hasShape ? rows : 0];

    /// <summary>∂⁴d/∂η²∂ϑ².</summary>
    public double[] SecondShapeTwice { get; } = new double[hasShape ? rows : 0];
}
