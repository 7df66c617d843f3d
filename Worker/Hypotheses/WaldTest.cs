namespace HpcFit.Worker.Hypotheses;

/// <summary>
/// Tests a hypothesis with the estimates of some coefficients and their covariance. A workspace; not thread-safe.
/// </summary>
/// <param name="hypothesis">The hypothesis.</param>
internal sealed class WaldTest(Hypothesis hypothesis)
{
    /// <summary>A combination whose variance beyond the others is smaller than this, relative to its own, is one of the others.</summary>
    private const double Dependent = 1e-10;

    private readonly double[][] _rows = [.. hypothesis.Given, .. hypothesis.Rows];
    private readonly double[] _factor = new double[
        (hypothesis.Given.Count + hypothesis.Rows.Count) * (hypothesis.Given.Count + hypothesis.Rows.Count)
    ];
    private readonly double[] _z = new double[hypothesis.Given.Count + hypothesis.Rows.Count];

    /// <summary>The combination's value, of a hypothesis that is tested by t.</summary>
    public double Estimate { get; private set; }

    /// <summary>Its standard error, 0 if it is not estimated.</summary>
    public double StandardError { get; private set; }

    /// <summary>The sum of squares of a test over σ².</summary>
    public double Squares { get; private set; }

    /// <summary>The degrees of freedom of a test: combinations that are estimated and not determined by others.</summary>
    public int Degrees { get; private set; }

    /// <summary>Computes the statistics.</summary>
    /// <param name="coefficients">Estimates, at least as many as the hypothesis has columns.</param>
    /// <param name="covariance">Their covariance, row-major.</param>
    /// <param name="stride">The length of a row of the covariance.</param>
    public void Run(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> covariance, int stride)
    {
        var count = _rows.Length;
        (Squares, Degrees) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var variance = Form(_rows[i], _rows[i], covariance, stride);
            var value = Value(_rows[i], coefficients);
            if (i == count - 1)
                (Estimate, StandardError) = (value, Math.Sqrt(variance));
            for (var j = 0; j < i; j++)
            {
                var entry = Form(_rows[i], _rows[j], covariance, stride);
                for (var k = 0; k < j; k++)
                    entry -= _factor[(i * count) + k] * _factor[(j * count) + k];
                _factor[(i * count) + j] = _factor[(j * count) + j] > 0 ? entry / _factor[(j * count) + j] : 0;
                value -= _factor[(i * count) + j] * _z[j];
            }
            var pivot = variance;
            for (var k = 0; k < i; k++)
                pivot -= _factor[(i * count) + k] * _factor[(i * count) + k];
            var isFree = pivot > Dependent * variance;
            _factor[(i * count) + i] = isFree ? Math.Sqrt(pivot) : 0;
            _z[i] = isFree ? value / _factor[(i * count) + i] : 0;
            if (!isFree || i < hypothesis.Given.Count)
                continue;
            Squares += _z[i] * _z[i];
            Degrees++;
        }
    }

    private static double Value(double[] row, ReadOnlySpan<double> coefficients)
    {
        var sum = 0.0;
        for (var c = 0; c < row.Length; c++)
            sum += row[c] * coefficients[c];
        return sum;
    }

    private static double Form(double[] left, double[] right, ReadOnlySpan<double> covariance, int stride)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] == 0)
                continue;
            for (var j = 0; j < right.Length; j++)
                sum += left[i] * covariance[(i * stride) + j] * right[j];
        }
        return sum;
    }
}
