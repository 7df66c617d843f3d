namespace HpcFit.Worker.Linear;

/// <summary>The memory with which a thread evaluates <see cref="RobustFactors"/>, which threads may share.</summary>
/// <param name="subjects">The maximum number of rows.</param>
/// <param name="products">Sums per element.</param>
/// <param name="widest">The most rows of a hypothesis.</param>
internal sealed class RobustWorkspace(int subjects, int products, int widest)
{
    /// <summary>Weighted residuals by row.</summary>
    public double[] Residuals { get; } = new double[subjects];

    /// <summary>An element's sums.</summary>
    public double[] Sums { get; } = new double[products];

    /// <summary>A packed Cholesky factor.</summary>
    public double[] Covariance { get; } = new double[widest * (widest + 1) / 2];

    /// <summary>Values of a hypothesis' rows.</summary>
    public double[] Values { get; } = new double[widest];
}
