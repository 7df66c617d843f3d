using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// The factor of the columns before blocked effects, <c>TᵀT = XᵀX + S</c> in the order of the model, with the shares
/// <c>T⁻ᵀ ∂S T⁻¹</c> of its parameters. A workspace.
/// </summary>
internal sealed class BlockedHead
{
    private readonly DenseMatrix _x; // X's own triangle, of the columns kept
    private readonly DenseMatrix[] _penalties; // per smoothing parameter of a smooth or single effect, S
    private readonly (RandomBlock Term, int[] First, int Levels)[] _dense;
    private readonly int[] _place; // of a coefficient among the columns kept; -1: dropped
    private readonly PenaltyDeterminant _factor;
    private readonly DenseMatrix[] _roots; // of the terms of correlated effects
    private readonly double[] _lambda;
    private readonly DenseMatrix[] _shares;
    private readonly CovarianceFactor[] _factors;
    private readonly double[] _precision;

    /// <summary>Creates the workspace.</summary>
    public BlockedHead(GamDesign design)
    {
        var columns = new PenalisedColumnsInOrder(design, isComplete: false);
        Size = columns.Kept.Length;
        _place = new int[design.CoefficientCount];
        Array.Fill(_place, -1);
        for (var i = 0; i < Size; i++)
            _place[columns.Kept[i]] = i;
        var kept = design.X.TakeColumns(columns.Kept);
        _x = new ThinQr(kept).R;
        _dense =
        [
            .. design
                .Random.Where(term => !term.IsAbsorbed && term.Effects > 1)
                .Select(term =>
                    (term, term.Smooths.Select(smooth => design.Smooths[smooth].First).ToArray(), design.Smooths[term.Smooths[0]].Count)
                ),
        ];
        _factors = [.. _dense.Select(one => new CovarianceFactor(one.Term.Effects, one.Term.Entries))];
        _precision = new double[_dense.Select(one => one.Term.Effects * one.Term.Effects).DefaultIfEmpty().Max()];
        _roots = [.. _dense.Select(one => new DenseMatrix(one.Levels * one.Term.Effects, Size))];
        var ofDense = _dense.SelectMany(one => one.Term.Entries).Select(entry => entry.Parameter).ToHashSet();
        _penalties =
        [
            .. Enumerable.Range(0, design.FirstCovariance).Select(j => ofDense.Contains(j) ? new(Size, Size) : PenaltyOf(design, j)),
        ];
        _lambda = new double[design.PenaltyCount + 1];
        _lambda[^1] = 1;
        var terms = Enumerable
            .Range(0, design.FirstCovariance)
            .Where(j => !ofDense.Contains(j) && design.SmoothsOf(j).All(place => !place.IsAbsorbed))
            .Select(j => (j, columns.RootOf(j)))
            .Concat(_roots.Select(root => (design.PenaltyCount, root)))
            .ToList();
        if (terms.Count == 0)
            terms.Add((design.PenaltyCount, new DenseMatrix(0, Size)));
        _factor = new(terms, _x);
        _shares = [.. Enumerable.Range(0, design.PenaltyCount).Select(_ => new DenseMatrix(Size, Size))];
        All = new(Size, Size);
        Directions = new DenseMatrix(design.Blocks!.Directions, Size);
        for (var row = 0; row < design.Rows; row++)
        for (var a = 0; design.Blocks.GroupOf(row) is >= 0 and var g && a < design.Blocks.RankOf(g); a++)
            FixedOrder.Add(design.Blocks.Direction(row)[a], kept.Row(row), Directions.Row(design.Blocks.Groups[g].First + a));
    }

    /// <summary>The number of columns, without those that depend on others given data and penalties.</summary>
    public int Size { get; }

    /// <summary>The products of the columns with the groups' directions, as rows.</summary>
    public DenseMatrix Directions { get; }

    /// <summary><c>T⁻ᵀ S T⁻¹</c>.</summary>
    public DenseMatrix All { get; }

    /// <summary><c>T⁻ᵀ ∂S T⁻¹</c>.</summary>
    public DenseMatrix Share(int parameter) => _shares[parameter];

    /// <summary>Replaces x by T⁻ᵀ x.</summary>
    public void SolveTransposed(Span<double> x)
    {
        for (var i = 0; i < x.Length; i++)
        {
            x[i] /= _factor.Triangle[i, i];
            FixedOrder.Add(-x[i], _factor.Triangle.Row(i)[(i + 1)..], x[(i + 1)..]);
        }
    }

    /// <summary>Evaluates T and the shares.</summary>
    /// <param name="parameters">All parameters of the search.</param>
    public void Evaluate(ReadOnlySpan<double> parameters)
    {
        parameters.CopyTo(_lambda);
        for (var t = 0; t < _dense.Length; t++)
        {
            var (term, first, levels) = _dense[t];
            _factors[t].Set(parameters);
            _factors[t].WritePrecision(_precision.AsSpan(0, term.Effects * term.Effects));
            Array.Clear(_roots[t].Values);
            for (var i = 0; i < term.Effects; i++)
            for (var j = 0; j <= i; j++)
            for (var level = 0; level < levels; level++)
                if (_place[first[j] + level] is >= 0 and var column)
                    _roots[t][(i * levels) + level, column] = _factors[t].InverseAt(i, j);
        }
        _factor.Evaluate(_lambda, 0, [], []);
        Array.Clear(All.Values);
        for (var j = 0; j < _shares.Length; j++)
        {
            Array.Clear(_shares[j].Values);
            if (j < _penalties.Length)
                FixedOrder.Add(parameters[j], _penalties[j].Values, _shares[j].Values);
            FixedOrder.Add(1, _shares[j].Values, All.Values);
        }
        for (var t = 0; t < _dense.Length; t++)
            AddDense(t);
        foreach (var share in _shares)
            Transform(share);
        Transform(All);
    }

    /// <summary>The penalty of correlated effects and its derivatives.</summary>
    private void AddDense(int t)
    {
        var (term, first, levels) = _dense[t];
        var size = term.Effects * term.Effects;
        var precision = _precision.AsSpan(0, size);
        Span<double> half = stackalloc double[size],
            slope = stackalloc double[size];
        _factors[t].WritePrecision(precision);
        Place(precision, All);
        for (var e = 0; e < term.Entries.Length; e++)
        {
            SmallMatrix.Multiply(precision, _factors[t].Slope(e), term.Effects, half);
            SmallMatrix.Multiply(half, precision, term.Effects, slope);
            for (var i = 0; i < size; i++)
                slope[i] = -slope[i];
            Place(slope, _shares[term.Entries[e].Parameter]);
        }

        void Place(ReadOnlySpan<double> values, DenseMatrix target)
        {
            for (var a = 0; a < term.Effects; a++)
            for (var b = 0; b < term.Effects; b++)
            for (var level = 0; level < levels; level++)
                if (_place[first[a] + level] is >= 0 and var row && _place[first[b] + level] is >= 0 and var column)
                    target[row, column] += values[(a * term.Effects) + b];
        }
    }

    /// <summary>Replaces a symmetric M by T⁻ᵀ M T⁻¹.</summary>
    private void Transform(DenseMatrix matrix)
    {
        for (var i = 0; i < Size; i++)
            SolveTransposed(matrix.Row(i));
        for (var i = 0; i < Size; i++)
        for (var j = 0; j < i; j++)
            (matrix[i, j], matrix[j, i]) = (matrix[j, i], matrix[i, j]);
        for (var i = 0; i < Size; i++)
            SolveTransposed(matrix.Row(i));
    }

    private DenseMatrix PenaltyOf(GamDesign design, int penalty)
    {
        var matrix = new DenseMatrix(Size, Size);
        foreach (var place in design.SmoothsOf(penalty).Where(place => !place.IsAbsorbed))
        {
            var own = place.Smooth.Penalties[penalty - place.FirstPenalty];
            for (var i = 0; i < own.Rows; i++)
            for (var j = 0; j < own.Rows; j++)
                if (_place[place.First + i] is >= 0 and var row && _place[place.First + j] is >= 0 and var column)
                    matrix[row, column] += own[i, j];
        }
        return matrix;
    }
}
