using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The penalty Λ of the coordinates γ of a model with correlated random effects, with its derivatives in the parameters of the search: a
/// diagonal for smooths and for single effects, the inverse covariance Ψ⁻¹ in each group of correlated effects. A workspace.
/// </summary>
internal sealed class PenaltyBlocks
{
    private readonly double[][] _diagonals; // per parameter, D
    private readonly List<Dense> _dense = [];
    private readonly (int Dense, int Entry)[] _entryOf; // per parameter; -1: none
    private readonly bool[] _isDense; // per coordinate
    private readonly DenseMatrix _matrix; // Λ if it is not diagonal

    /// <summary>Creates the workspace.</summary>
    public PenaltyBlocks(GamDesign design)
    {
        _diagonals = [.. design.Diagonals!];
        Slopes = [.. _diagonals.Select(_ => new double[design.PenalisedCount])];
        Total = new double[design.PenalisedCount];
        _isDense = new bool[design.PenalisedCount];
        _entryOf = new (int, int)[design.PenaltyCount];
        Array.Fill(_entryOf, (-1, -1));
        foreach (var term in design.Random.Where(term => !term.IsAbsorbed && term.Effects > 1))
        {
            for (var e = 0; e < term.Entries.Length; e++)
                _entryOf[term.Entries[e].Parameter] = (_dense.Count, e);
            int[] first = [.. term.Smooths.Select(smooth => design.Smooths[smooth].FirstPenalised)];
            var levels = design.Smooths[term.Smooths[0]].PenalisedCount;
            foreach (var place in first)
                _isDense.AsSpan(place, levels).Fill(true);
            _dense.Add(new(term, first, levels));
        }
        var size = IsDiagonal ? 0 : design.PenalisedCount;
        _matrix = new(size, size);
    }

    /// <summary>The diagonal of Λ.</summary>
    public double[] Total { get; }

    /// <summary>The diagonal of ∂Λ per parameter.</summary>
    public double[][] Slopes { get; }

    /// <summary>Whether Λ is diagonal.</summary>
    public bool IsDiagonal => _dense.Count == 0;

    /// <summary>Evaluates Λ and its derivatives.</summary>
    /// <param name="parameters">All parameters of the search.</param>
    public void Set(ReadOnlySpan<double> parameters)
    {
        Array.Clear(Total);
        for (var j = 0; j < _diagonals.Length; j++)
        {
            if (_entryOf[j].Dense >= 0)
                continue;
            for (var i = 0; i < Total.Length; i++)
                Slopes[j][i] = parameters[j] * _diagonals[j][i];
            FixedOrder.Add(1, Slopes[j], Total);
        }
        SetDense(parameters);
        Array.Clear(_matrix.Values);
        AddOffDiagonal(_matrix, 0);
    }

    private void SetDense(ReadOnlySpan<double> parameters)
    {
        foreach (var dense in _dense)
        {
            dense.Set(parameters);
            for (var a = 0; a < dense.Effects; a++)
            for (var level = 0; level < dense.Levels; level++)
            {
                Total[dense.First[a] + level] = dense.Precision[(a * dense.Effects) + a];
                for (var e = 0; e < dense.Slopes.Length; e++)
                    Slopes[dense.Parameter(e)][dense.First[a] + level] = dense.Slopes[e][(a * dense.Effects) + a];
            }
        }
    }

    /// <summary>Λ at a pair of coordinates.</summary>
    public double At(int i, int j) =>
        i == j ? Total[i]
        : IsDiagonal ? 0
        : _matrix[i, j];

    /// <summary>The inverse of Λ at a pair of coordinates, all of random effects.</summary>
    public double InverseAt(int i, int j) =>
        !_isDense[i]
            ? i == j
                ? 1 / Total[i]
                : 0
            : Pair(i, j, static dense => dense.Covariance);

    /// <summary>Adds what of Λ is not on the diagonal.</summary>
    public void AddOffDiagonal(DenseMatrix target, int first)
    {
        foreach (var dense in _dense)
            dense.AddOffDiagonal(dense.Precision, target, first);
    }

    /// <summary>Adds ∂Λ.</summary>
    public void AddSlope(int parameter, DenseMatrix target, int first)
    {
        for (var i = 0; i < Total.Length; i++)
            target[first + i, first + i] += Slopes[parameter][i];
        if (_entryOf[parameter] is { Dense: >= 0 } place)
            _dense[place.Dense].AddOffDiagonal(_dense[place.Dense].Slopes[place.Entry], target, first);
    }

    /// <summary><c>tr(M ∂²Λ)</c> of two parameters, the first not before the second.</summary>
    /// <param name="one">A parameter.</param>
    /// <param name="other">Another one, or the same.</param>
    /// <param name="matrix">M.</param>
    public double BendTrace(int one, int other, Coordinates matrix)
    {
        var (a, b) = (_entryOf[one], _entryOf[other]);
        if (a.Dense < 0 || a.Dense != b.Dense)
        {
            var sum = 0.0;
            for (var i = 0; one == other && a.Dense < 0 && i < Total.Length; i++)
                if (Slopes[one][i] != 0)
                    sum += Slopes[one][i] * matrix.At(i, i);
            return sum;
        }
        var dense = _dense[a.Dense];
        return dense.BendTrace(a.Entry, b.Entry, matrix);
    }

    /// <summary>log|Λ|, and adds a multiple of its derivatives.</summary>
    public double LogDeterminant(double factor, Span<double> gradient, Span<double> hessian)
    {
        var (m, product) = (gradient.Length, new LogarithmOfProduct());
        for (var i = 0; i < Total.Length; i++)
            if (!_isDense[i])
                product.Multiply(Total[i]);
        for (var j = 0; j < _diagonals.Length; j++)
        {
            if (_entryOf[j].Dense >= 0)
                continue;
            for (var i = 0; i < Total.Length; i++)
            {
                if (Slopes[j][i] == 0)
                    continue;
                var share = Slopes[j][i] / Total[i];
                gradient[j] += factor * share;
                hessian[(j * m) + j] += factor * share;
                for (var k = 0; k < _diagonals.Length; k++)
                    if (_entryOf[k].Dense < 0)
                        hessian[(j * m) + k] -= factor * share * Slopes[k][i] / Total[i];
            }
        }
        var value = product.Value;
        foreach (var dense in _dense)
        {
            value += dense.Levels * dense.LogDeterminant;
            foreach (var entry in dense.Entries)
                if (!entry.IsCovariance)
                    gradient[entry.Parameter] += factor * dense.Levels;
        }
        return value;
    }

    private double Pair(int i, int j, Func<Dense, double[]> matrix)
    {
        foreach (var dense in _dense)
            if (dense.Find(i) is { Effect: >= 0 } a && dense.Find(j) is { Effect: >= 0 } b)
                return a.Level == b.Level ? matrix(dense)[(a.Effect * dense.Effects) + b.Effect] : 0;
        return 0;
    }

    /// <summary>A matrix M in the coordinates γ.</summary>
    /// <param name="values">A matrix that contains M; if the stride is 0, the vector c of M = c cᵀ.</param>
    /// <param name="stride">The number of columns of the matrix.</param>
    /// <param name="first">The place of the first coordinate.</param>
    internal readonly ref struct Coordinates(ReadOnlySpan<double> values, int stride, int first)
    {
        private readonly ReadOnlySpan<double> _values = values;

        /// <summary>M at a pair of coordinates.</summary>
        public double At(int i, int j) =>
            stride == 0 ? _values[first + i] * _values[first + j] : _values[((first + i) * stride) + first + j];
    }

    /// <summary>A term of correlated effects with columns.</summary>
    private sealed class Dense(RandomBlock term, int[] first, int levels)
    {
        private readonly CovarianceFactor _factor = new(term.Effects, term.Entries);
        private readonly double[] _bend = new double[term.Effects * term.Effects];
        private readonly double[] _one = new double[term.Effects * term.Effects];
        private readonly double[] _two = new double[term.Effects * term.Effects];

        public int Effects => term.Effects;

        public int[] First => first;

        public int Levels => levels;

        public FactorEntry[] Entries => term.Entries;

        public double[] Precision { get; } = new double[term.Effects * term.Effects];

        public double[] Covariance => _factor.Covariance;

        public double LogDeterminant { get; private set; }

        public double[][] Slopes { get; } = [.. term.Entries.Select(_ => new double[term.Effects * term.Effects])];

        public int Parameter(int entry) => term.Entries[entry].Parameter;

        public void Set(ReadOnlySpan<double> parameters)
        {
            _factor.Set(parameters);
            var product = new LogarithmOfProduct();
            foreach (var (row, column, parameter) in term.Entries)
                if (row == column)
                    product.Multiply(parameters[parameter]);
            LogDeterminant = product.Value;
            _factor.WritePrecision(Precision);
            for (var e = 0; e < Slopes.Length; e++)
            {
                SmallMatrix.Multiply(Precision, _factor.Slope(e), Effects, _one);
                SmallMatrix.Multiply(_one, Precision, Effects, Slopes[e]);
                for (var i = 0; i < Slopes[e].Length; i++)
                    Slopes[e][i] = -Slopes[e][i];
            }
        }

        public (int Effect, int Level) Find(int coordinate)
        {
            for (var a = 0; a < first.Length; a++)
                if (coordinate >= first[a] && coordinate < first[a] + levels)
                    return (a, coordinate - first[a]);
            return (-1, -1);
        }

        public void AddOffDiagonal(double[] values, DenseMatrix target, int offset)
        {
            for (var a = 0; a < Effects; a++)
            for (var b = 0; b < Effects; b++)
            for (var level = 0; a != b && level < levels; level++)
                target[offset + first[a] + level, offset + first[b] + level] += values[(a * Effects) + b];
        }

        public double BendTrace(int one, int other, Coordinates matrix)
        {
            // ∂²Ψ⁻¹ = Ψ⁻¹ (∂₁Ψ Ψ⁻¹ ∂₂Ψ + ∂₂Ψ Ψ⁻¹ ∂₁Ψ - ∂²Ψ) Ψ⁻¹.
            Array.Clear(_bend);
            foreach (var (a, b) in (ReadOnlySpan<(int, int)>)[(one, other), (other, one)])
            {
                SmallMatrix.Multiply(Slopes[a], _factor.Slope(b), Effects, _one);
                SmallMatrix.Multiply(_one, Precision, Effects, _two);
                for (var i = 0; i < _bend.Length; i++)
                    _bend[i] -= _two[i];
            }
            _factor.Bend(one, other, _two);
            SmallMatrix.Multiply(Precision, _two, Effects, _one);
            SmallMatrix.Multiply(_one, Precision, Effects, _two);
            for (var i = 0; i < _bend.Length; i++)
                _bend[i] -= _two[i];
            var sum = 0.0;
            for (var a = 0; a < Effects; a++)
            for (var b = 0; b < Effects; b++)
            for (var level = 0; level < levels; level++)
                sum += _bend[(a * Effects) + b] * matrix.At(first[a] + level, first[b] + level);
            return sum;
        }
    }
}
