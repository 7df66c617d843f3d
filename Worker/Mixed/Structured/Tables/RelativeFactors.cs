namespace HpcFit.Worker.Mixed.Structured.Tables;

/// <summary>
/// The relative covariance factors of the terms (Bates et al. 2015, section 2.2): that of the absorbed effects, and T, the factor of the
/// dense block, which repeats each term's for all of its groups and is the identity for the fixed effects. A workspace.
/// </summary>
internal sealed class RelativeFactors
{
    private readonly RandomStructure _structure;
    private readonly double[][] _ofTerm;

    public RelativeFactors(RandomStructure structure)
    {
        _structure = structure;
        _ofTerm = [.. structure.Terms.Select(term => new double[term.Effects * term.Effects])];
        Absorbed = new double[structure.AbsorbedEffects * structure.AbsorbedEffects];
    }

    /// <summary>The factor of the absorbed effects, lower, row-major; terms do not correlate.</summary>
    public double[] Absorbed { get; }

    /// <summary>The factor of a term, lower, row-major.</summary>
    public ReadOnlySpan<double> Of(int term) => _ofTerm[term];

    /// <summary>Sets the parameters.</summary>
    public void Set(ReadOnlySpan<double> theta)
    {
        for (var k = 0; k < theta.Length; k++)
        {
            var (index, row, column) = _structure.Parameters[k];
            var term = _structure.Terms[index];
            _ofTerm[index][(row * term.Effects) + column] = theta[k];
            if (term.IsAbsorbed)
                Absorbed[((term.Start + row) * _structure.AbsorbedEffects) + term.Start + column] = theta[k];
        }
    }

    /// <summary>M T in place of M, rows × stride.</summary>
    public void MultiplyRight(Span<double> matrix, int rows, int stride)
    {
        for (var row = 0; row < rows; row++)
            TransposedTimes(matrix.Slice(row * stride, stride));
    }

    /// <summary>M T' in place of M, rows × stride.</summary>
    public void MultiplyRightTransposed(Span<double> matrix, int rows, int stride)
    {
        for (var row = 0; row < rows; row++)
            Times(matrix.Slice(row * stride, stride));
    }

    /// <summary>T' v in place of v.</summary>
    public void TransposedTimes(Span<double> vector)
    {
        for (var index = 0; index < _ofTerm.Length; index++)
        {
            var (term, factor) = (_structure.Terms[index], _ofTerm[index]);
            if (term.IsAbsorbed)
                continue;
            var (effects, end) = (term.Effects, term.Start + (term.Effects * _structure.Factors[term.Factor].Levels));
            for (var at = term.Start; at < end; at += effects)
            for (var b = 0; b < effects; b++)
            {
                var sum = 0.0;
                for (var a = b; a < effects; a++)
                    sum += vector[at + a] * factor[(a * effects) + b];
                vector[at + b] = sum;
            }
        }
    }

    /// <summary>T v in place of v.</summary>
    public void Times(Span<double> vector)
    {
        for (var index = 0; index < _ofTerm.Length; index++)
        {
            var (term, factor) = (_structure.Terms[index], _ofTerm[index]);
            if (term.IsAbsorbed)
                continue;
            var (effects, end) = (term.Effects, term.Start + (term.Effects * _structure.Factors[term.Factor].Levels));
            for (var at = term.Start; at < end; at += effects)
            for (var a = effects - 1; a >= 0; a--)
            {
                var sum = 0.0;
                for (var b = 0; b <= a; b++)
                    sum += vector[at + b] * factor[(a * effects) + b];
                vector[at + a] = sum;
            }
        }
    }
}
