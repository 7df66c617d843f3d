namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The covariance Ψ = L Lᵀ of a group's random effects, relative to that of residuals, with its derivatives in the parameters of the
/// search. A workspace.
/// </summary>
/// <remarks>
/// The factor of lme4 (Bates, Mächler, Bolker and Walker 2015, J. Stat. Softw. 67(1), §2.2) with logarithms on the diagonal, where without
/// correlations they are those of smoothing parameters. A fit with a correlation of 1 or -1 has a diagonal entry of 0 and is a limit, as a
/// smooth without curvature is.
/// </remarks>
/// <param name="effects">The number of effects, q.</param>
/// <param name="entries">The entries of L that are not 0, by rows.</param>
internal sealed class CovarianceFactor(int effects, FactorEntry[] entries)
{
    private readonly double[] _factor = new double[effects * effects];
    private readonly double[] _inverse = new double[effects * effects];
    private readonly double[] _rates = new double[entries.Length];
    private readonly double[][] _slopes = [.. entries.Select(_ => new double[effects * effects])];

    /// <summary>The number of effects.</summary>
    public int Effects => effects;

    /// <summary>Ψ, row-major.</summary>
    public double[] Covariance { get; } = new double[effects * effects];

    /// <summary>∂Ψ of an entry's parameter: in log λ, or in the entry.</summary>
    public ReadOnlySpan<double> Slope(int entry) => _slopes[entry];

    /// <summary>Evaluates Ψ and its first derivatives.</summary>
    /// <param name="parameters">All parameters of the search.</param>
    public void Set(ReadOnlySpan<double> parameters)
    {
        foreach (var (row, column, parameter) in entries)
            _factor[(row * effects) + column] = row == column ? 1 / Math.Sqrt(parameters[parameter]) : parameters[parameter];
        for (var i = 0; i < effects; i++)
        for (var j = 0; j < effects; j++)
        {
            var sum = 0.0;
            for (var c = 0; c <= Math.Min(i, j); c++)
                sum += _factor[(i * effects) + c] * _factor[(j * effects) + c];
            Covariance[(i * effects) + j] = sum;
        }
        for (var e = 0; e < entries.Length; e++)
        {
            var (row, column, _) = entries[e];
            _rates[e] = row == column ? -_factor[(row * effects) + column] / 2 : 1;
            Array.Clear(_slopes[e]);
            AddTwice(_rates[e], row, column, _slopes[e]);
        }
    }

    /// <summary>Writes a second derivative of Ψ.</summary>
    public void Bend(int one, int other, Span<double> target)
    {
        target.Clear();
        var (a, b) = (entries[one], entries[other]);
        if (a.Column == b.Column)
        {
            target[(a.Row * effects) + b.Row] += _rates[one] * _rates[other];
            target[(b.Row * effects) + a.Row] += _rates[one] * _rates[other];
        }
        if (one == other && a.Row == a.Column)
            AddTwice(-_rates[one] / 2, a.Row, a.Column, target);
    }

    /// <summary>Writes L, with 0 in the place of diagonal entries below a bound; returns whether there is one.</summary>
    public bool CopyTo(double least, Span<double> target)
    {
        var isBelow = false;
        _factor.CopyTo(target);
        for (var i = 0; i < effects; i++)
            if (_factor[(i * effects) + i] < least)
                (target[(i * effects) + i], isBelow) = (0, true);
        return isBelow;
    }

    /// <summary>Writes Ψ⁻¹, from the inverse of L, which keeps the digits of a nearly singular Ψ.</summary>
    public void WritePrecision(Span<double> target)
    {
        Invert();
        for (var i = 0; i < effects; i++)
        for (var j = 0; j < effects; j++)
        {
            var sum = 0.0;
            for (var l = Math.Max(i, j); l < effects; l++)
                sum += _inverse[(l * effects) + i] * _inverse[(l * effects) + j];
            target[(i * effects) + j] = sum;
        }
    }

    /// <summary>L⁻¹.</summary>
    private void Invert()
    {
        for (var i = 0; i < effects; i++)
        for (var j = 0; j <= i; j++)
        {
            var sum = i == j ? 1.0 : 0.0;
            for (var l = j; l < i; l++)
                sum -= _factor[(i * effects) + l] * _inverse[(l * effects) + j];
            _inverse[(i * effects) + j] = sum / _factor[(i * effects) + i];
        }
    }

    /// <summary>An entry of L⁻¹, as of the last precision.</summary>
    public double InverseAt(int row, int column) => _inverse[(row * effects) + column];

    /// <summary>Adds dL Lᵀ + L dLᵀ, dL of one entry.</summary>
    private void AddTwice(double change, int row, int column, Span<double> target)
    {
        for (var b = 0; b < effects; b++)
        {
            var product = change * _factor[(b * effects) + column];
            target[(row * effects) + b] += product;
            target[(b * effects) + row] += product;
        }
    }
}
