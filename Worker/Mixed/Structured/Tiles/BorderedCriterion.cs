using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Structured.Profile;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// The criterion at one θ per lane from the jets of B and ln |V|: as <see cref="StructuredProfile"/> has it, with gradient and Hessian. A
/// workspace of one thread.
/// </summary>
/// <remarks>
/// B is bordered by c and r'V⁻¹r. With u = B⁻¹c and w = (-u, 1), the squares s = w'B w have the derivatives w'(dB)w and w'(d²B)w - 2 a'a, a
/// = L⁻¹(dB)w without the border. Second derivatives are contracted with N = B⁻¹ + κ w w', κ the reciprocal of the residual variance.
/// </remarks>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed class BorderedCriterion<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Columns of a product that are computed at once.</summary>
    private const int AtOnce = 4;

    private readonly JetLayout _jets;
    private readonly int _size;
    private readonly int _part;
    private readonly int _stride;
    private readonly int _dense;
    private readonly int _degrees;
    private readonly double _constant;
    private readonly bool[] _isSquared;
    private readonly TLanes[] _factor;
    private readonly TLanes[] _inverse;
    private readonly TLanes[] _packedPartInverse;
    private readonly TLanes[] _contraction;
    private readonly TLanes[] _image;
    private readonly TLanes[] _solution;
    private readonly TLanes[][] _solved;
    private readonly TLanes[] _slope;
    private readonly TLanes[] _partInverse;
    private readonly TLanes[][] _pushes;

    public BorderedCriterion(SharedStructure shared, bool isRestricted)
    {
        var (structure, tables, count) = (shared.Structure, shared.Tables, shared.Structure.Parameters.Count);
        (_jets, _size, _dense) = (shared.Jets, shared.Size, shared.Dense);
        _part = isRestricted ? _size : _dense;
        _degrees = isRestricted ? tables.Rows - tables.Rank : tables.Rows;
        _constant = (isRestricted ? tables.LogDeterminant : 0) - tables.LogWeights;
        _isSquared = [.. structure.Parameters.Select(one => shared.Absorbed is NestedGroups && shared.Chain.Contains(one.Term))];
        var entries = SharedStructure.Entries(_size);
        (_factor, _inverse, _packedPartInverse) = (new TLanes[entries], new TLanes[entries], new TLanes[entries]);
        _stride = (_size + AtOnce - 1) / AtOnce * AtOnce;
        (_slope, _partInverse) = (new TLanes[_size * _stride], new TLanes[_part * _part]);
        (_contraction, _image) = (new TLanes[SharedStructure.Entries(_size + 1)], new TLanes[_size * tables.Rank]);
        _solution = new TLanes[_size];
        _solved = [.. structure.Parameters.Select(_ => new TLanes[_part * _stride])];
        _pushes = [.. structure.Parameters.Select(_ => new TLanes[_size])];
        (Gradient, SquareSlopes) = (new TLanes[count], new TLanes[count]);
        (Hessian, SigmaHessian) = (new TLanes[SharedStructure.Entries(count)], new TLanes[SharedStructure.Entries(count)]);
        Covariance = new TLanes[SharedStructure.Entries(tables.Rank)];
        CovarianceSlopes = [.. structure.Parameters.Select(_ => new TLanes[SharedStructure.Entries(tables.Rank)])];
    }

    /// <summary>The criterion; NaN where an information matrix is not definite.</summary>
    public TLanes Criterion { get; private set; }

    /// <summary>The generalised residual sum of squares.</summary>
    public TLanes Squares { get; private set; }

    /// <summary>The gradient of the criterion in θ.</summary>
    public TLanes[] Gradient { get; }

    /// <summary>The Hessian of the criterion, the lower triangle by rows.</summary>
    public TLanes[] Hessian { get; }

    /// <summary>The Hessian in θ of -2 log L as a function of θ and σ.</summary>
    public TLanes[] SigmaHessian { get; }

    /// <summary>The gradient of <see cref="Squares"/>.</summary>
    public TLanes[] SquareSlopes { get; }

    /// <summary>The covariance matrix of the coordinates on Q, over the residual variance, the lower triangle by rows.</summary>
    public TLanes[] Covariance { get; }

    /// <summary>Its derivatives.</summary>
    public TLanes[][] CovarianceSlopes { get; }

    /// <summary>B⁻¹c: the random effects over their relative factors, then what to add to the coordinates of least squares on Q.</summary>
    public TLanes[] Solution => _solution;

    /// <summary>Computes everything but the covariances.</summary>
    /// <param name="theta">θ.</param>
    /// <param name="bordered">B, entry e at <c>[e * jets]</c>.</param>
    /// <param name="logarithm">The jet of ln |V|.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate(TLanes[] theta, TLanes[] bordered, TLanes[] logarithm)
    {
        var isDefinite = Factor(bordered, out var determinant);
        Solve(bordered);
        isDefinite = TLanes.WhereSet(isDefinite, TLanes.WhereSet(TLanes.Finite(Squares), TLanes.LessThan(default, Squares)));
        isDefinite = TLanes.WhereSet(isDefinite, TLanes.Finite(logarithm[0]));
        var one = TLanes.Broadcast(1);
        var squares = TLanes.Select(isDefinite, Squares, one);
        var degrees = TLanes.Broadcast(_degrees);
        var log = one + ReproducibleMath.Log(TLanes.Broadcast(Math.Tau / _degrees) * squares);
        var value = TLanes.AddProduct(logarithm[0] + determinant + TLanes.Broadcast(_constant), degrees, log);
        Criterion = TLanes.Select(isDefinite, value, TLanes.Broadcast(double.NaN));
        Invert(_size, _inverse);
        if (_part < _size)
            Invert(_part, _packedPartInverse);
        else
            _inverse.CopyTo(_packedPartInverse, 0);
        Differentiate(theta, bordered, logarithm, degrees / squares, degrees);
    }

    /// <summary>Computes the covariances where <see cref="Evaluate"/> was called last.</summary>
    public void DifferentiateCovariance(TLanes[] theta, TLanes[] bordered)
    {
        var rank = _size - _dense;
        for (var a = 0; a < rank; a++)
        for (var b = 0; b <= a; b++)
            Covariance[SharedStructure.Entry(a, b)] = _inverse[SharedStructure.Entry(_dense + a, _dense + b)];
        for (var k = 0; k < _jets.Variables; k++)
        {
            for (var i = 0; i < _size; i++)
            for (var a = 0; a < rank; a++)
            {
                TLanes sum = default;
                for (var j = 0; j < _size; j++)
                    sum = TLanes.AddProduct(sum, bordered[(At(i, j) * _jets.Count) + JetLayout.First(k)], _inverse[At(j, _dense + a)]);
                _image[(i * rank) + a] = sum;
            }
            var scale = _isSquared[k] ? theta[k] + theta[k] : TLanes.Broadcast(1);
            for (var a = 0; a < rank; a++)
            for (var b = 0; b <= a; b++)
            {
                TLanes sum = default;
                for (var i = 0; i < _size; i++)
                    sum = TLanes.AddProduct(sum, _inverse[At(i, _dense + a)], _image[(i * rank) + b]);
                CovarianceSlopes[k][SharedStructure.Entry(a, b)] = default(TLanes) - scale * sum;
            }
        }
    }

    /// <summary>The inverse Z of the Cholesky factor of B without its border; a mask of the lanes where it is definite.</summary>
    private TLanes Factor(TLanes[] bordered, out TLanes determinant)
    {
        var (one, isDefinite, logs) = (TLanes.Broadcast(1), TLanes.Finite(default), new LogarithmOfLanes<TLanes>());
        for (var j = 0; j < _size; j++)
        {
            var pivot = bordered[SharedStructure.Entry(j, j) * _jets.Count];
            for (var k = 0; k < j; k++)
                pivot = TLanes.SubtractProduct(pivot, _factor[SharedStructure.Entry(j, k)], _factor[SharedStructure.Entry(j, k)]);
            isDefinite = TLanes.WhereSet(isDefinite, TLanes.WhereSet(TLanes.Finite(pivot), TLanes.LessThan(default, pivot)));
            pivot = TLanes.Select(isDefinite, pivot, one);
            if (j < _part)
                logs.Multiply(pivot);
            var inverse = one / TLanes.Sqrt(pivot);
            _factor[SharedStructure.Entry(j, j)] = inverse;
            for (var i = j + 1; i < _size; i++)
            {
                var sum = bordered[SharedStructure.Entry(i, j) * _jets.Count];
                for (var k = 0; k < j; k++)
                    sum = TLanes.SubtractProduct(sum, _factor[SharedStructure.Entry(i, k)], _factor[SharedStructure.Entry(j, k)]);
                _factor[SharedStructure.Entry(i, j)] = sum * inverse;
            }
        }
        determinant = logs.Value;
        for (var i = 1; i < _size; i++)
        for (var j = 0; j < i; j++)
        {
            // Row i of Z from left to right: entries of L to the right of j are not overwritten yet.
            TLanes sum = default;
            for (var k = j; k < i; k++)
                sum = TLanes.AddProduct(sum, _factor[SharedStructure.Entry(i, k)], _factor[SharedStructure.Entry(k, j)]);
            _factor[SharedStructure.Entry(i, j)] = default(TLanes) - sum * _factor[SharedStructure.Entry(i, i)];
        }
        return isDefinite;
    }

    private void Solve(TLanes[] bordered)
    {
        var border = SharedStructure.Entries(_size);
        Squares = bordered[(border + _size) * _jets.Count];
        Array.Clear(_solution);
        for (var i = 0; i < _size; i++)
        {
            TLanes sum = default;
            for (var j = 0; j <= i; j++)
                sum = TLanes.AddProduct(sum, _factor[SharedStructure.Entry(i, j)], bordered[(border + j) * _jets.Count]);
            Squares = TLanes.SubtractProduct(Squares, sum, sum);
            for (var j = 0; j <= i; j++)
                _solution[j] = TLanes.AddProduct(_solution[j], _factor[SharedStructure.Entry(i, j)], sum);
        }
    }

    private void Invert(int size, TLanes[] target)
    {
        for (var i = 0; i < size; i++)
        for (var j = 0; j <= i; j++)
        {
            TLanes sum = default;
            for (var k = i; k < size; k++)
                sum = TLanes.AddProduct(sum, _factor[SharedStructure.Entry(k, i)], _factor[SharedStructure.Entry(k, j)]);
            target[SharedStructure.Entry(i, j)] = sum;
        }
    }

    private void Differentiate(TLanes[] theta, TLanes[] bordered, TLanes[] logarithm, TLanes kappa, TLanes degrees)
    {
        var count = _jets.Variables;
        PrepareContraction(kappa);
        for (int i = 0, e = 0; i < _part; i++)
        for (var j = 0; j <= i; j++, e++)
            _partInverse[(i * _part) + j] = _partInverse[(j * _part) + i] = _packedPartInverse[e];
        for (var k = 0; k < count; k++)
        {
            Unpack(bordered, JetLayout.First(k));
            SquareSlopes[k] = Push(bordered, JetLayout.First(k), _pushes[k]);
            Gradient[k] = TLanes.AddProduct(logarithm[JetLayout.First(k)] + Trace(_solved[k]), kappa, SquareSlopes[k]);
        }
        for (var k = 0; k < count; k++)
        for (var l = 0; l <= k; l++)
        {
            var value = logarithm[_jets.Second(k, l)];
            for (int e = 0, at = _jets.Second(k, l); e < _contraction.Length; e++, at += _jets.Count)
                value = TLanes.AddProduct(value, _contraction[e], bordered[at]);
            TLanes along = default;
            for (var i = 0; i < _size; i++)
                along = TLanes.AddProduct(along, _pushes[k][i], _pushes[l][i]);
            value = TLanes.SubtractProduct(value, kappa + kappa, along);
            for (var i = 0; i < _part; i++)
            for (var j = 0; j < _part; j++)
                value = TLanes.SubtractProduct(value, _solved[k][(i * _stride) + j], _solved[l][(j * _stride) + i]);
            SigmaHessian[SharedStructure.Entry(k, l)] = value;
        }
        ChangeVariables(theta);
        for (var k = 0; k < count; k++)
        for (var l = 0; l <= k; l++)
        {
            var e = SharedStructure.Entry(k, l);
            Hessian[e] = SigmaHessian[e] - kappa * SquareSlopes[k] * (kappa * SquareSlopes[l]) / degrees;
        }
    }

    /// <summary>From derivatives in t = θ² to those in θ.</summary>
    private void ChangeVariables(TLanes[] theta)
    {
        for (var k = 0; k < _isSquared.Length; k++)
        {
            if (!_isSquared[k])
                continue;
            var twice = theta[k] + theta[k];
            for (var l = 0; l < _isSquared.Length; l++)
            {
                ref var value = ref SigmaHessian[SharedStructure.Entry(Math.Max(k, l), Math.Min(k, l))];
                value = l == k ? TLanes.AddProduct(Gradient[k] + Gradient[k], twice * twice, value) : value * twice;
            }
            Gradient[k] *= twice;
            SquareSlopes[k] *= twice;
        }
    }

    /// <summary>N, entries off the diagonal twice.</summary>
    private void PrepareContraction(TLanes kappa)
    {
        var two = TLanes.Broadcast(2);
        for (int i = 0, e = 0; i <= _size; i++)
        for (var j = 0; j <= i; j++, e++)
        {
            var scaled = kappa * (i == j ? TLanes.Broadcast(1) : two);
            var value =
                i < _size ? scaled * _solution[i] * _solution[j]
                : j < _size ? default(TLanes) - scaled * _solution[j]
                : scaled;
            if (i < _part)
                value = TLanes.AddProduct(value, _packedPartInverse[e], i == j ? TLanes.Broadcast(1) : two);
            _contraction[e] = value;
        }
    }

    /// <summary>L⁻¹(dB)w without the border; returns w'(dB)w.</summary>
    private TLanes Push(TLanes[] bordered, int jet, TLanes[] target)
    {
        var border = SharedStructure.Entries(_size);
        var squares = bordered[((border + _size) * _jets.Count) + jet];
        ref var solution = ref MemoryMarshal.GetArrayDataReference(_solution);
        for (var i = 0; i < _size; i++)
        {
            var cross = bordered[((border + i) * _jets.Count) + jet];
            var push = cross;
            ref var row = ref _slope[i * _stride];
            for (var j = 0; j < _size; j++)
                push = TLanes.SubtractProduct(push, Unsafe.Add(ref row, j), Unsafe.Add(ref solution, j));
            squares = TLanes.SubtractProduct(squares, _solution[i], cross + push);
            target[i] = push;
        }
        for (var i = _size - 1; i >= 0; i--)
        {
            TLanes sum = default;
            for (var j = 0; j <= i; j++)
                sum = TLanes.AddProduct(sum, _factor[SharedStructure.Entry(i, j)], target[j]);
            target[i] = sum;
        }
        return squares;
    }

    /// <summary>The full matrix of a jet of B without its border.</summary>
    private void Unpack(TLanes[] bordered, int jet)
    {
        ref var entry = ref bordered[jet];
        for (var i = 0; i < _size; i++)
        for (var j = 0; j <= i; j++)
        {
            _slope[(i * _stride) + j] = _slope[(j * _stride) + i] = entry;
            entry = ref Unsafe.Add(ref entry, _jets.Count);
        }
    }

    /// <summary>B⁻¹dB of the part whose determinant is in the criterion, and its trace; columns after it are not used.</summary>
    private TLanes Trace(TLanes[] target)
    {
        TLanes trace = default;
        for (var i = 0; i < _part; i++)
        {
            ref var inverse = ref _partInverse[i * _part];
            for (var column = 0; column < _part; column += AtOnce)
            {
                ref var slope = ref _slope[column];
                TLanes a = default,
                    b = default,
                    c = default,
                    d = default;
                for (var l = 0; l < _part; l++)
                {
                    var factor = Unsafe.Add(ref inverse, l);
                    a = TLanes.AddProduct(a, factor, slope);
                    b = TLanes.AddProduct(b, factor, Unsafe.Add(ref slope, 1));
                    c = TLanes.AddProduct(c, factor, Unsafe.Add(ref slope, 2));
                    d = TLanes.AddProduct(d, factor, Unsafe.Add(ref slope, 3));
                    slope = ref Unsafe.Add(ref slope, _stride);
                }
                var place = (i * _stride) + column;
                (target[place], target[place + 1], target[place + 2], target[place + 3]) = (a, b, c, d);
            }
            trace += target[(i * _stride) + i];
        }
        return trace;
    }

    private static int At(int i, int j) => i >= j ? SharedStructure.Entry(i, j) : SharedStructure.Entry(j, i);
}
