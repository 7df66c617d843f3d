using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// The random effects in E at one θ per lane: B = T'F T + diag(1 of random effects, 0 otherwise), T the relative factors of their terms and
/// the identity for Q and the border, as jets in all parameters. A workspace of one thread.
/// </summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed class DenseBlock<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly SharedStructure _shared;
    private readonly int _size;
    private readonly int[] _absorbed;
    private readonly TLanes[] _full;
    private readonly TLanes[][] _products;
    private readonly (DenseTerm Term, int Parameter, int Row, int Column)[] _own;

    public DenseBlock(SharedStructure shared)
    {
        (_shared, _size) = (shared, shared.Size + 1);
        _absorbed =
        [
            .. Enumerable
                .Range(0, shared.Structure.Parameters.Count)
                .Where(k => !shared.DenseTerms.Any(term => term.Term == shared.Structure.Parameters[k].Term)),
        ];
        _own =
        [
            .. shared.DenseTerms.SelectMany(term =>
                shared
                    .Structure.Parameters.Select((one, k) => (term, k, one.Row, one.Column))
                    .Where(one => shared.Structure.Parameters[one.k].Term == term.Term)
            ),
        ];
        _full = new TLanes[_size * _size];
        _products = [.. Enumerable.Range(0, _absorbed.Length + 1).Select(_ => new TLanes[_size * _size])];
    }

    /// <summary>Replaces F, whose jets are in the eliminated parameters, by B.</summary>
    /// <param name="theta">θ.</param>
    /// <param name="bordered">F, entry e at <c>[e * jets]</c>.</param>
    public void Transform(TLanes[] theta, TLanes[] bordered)
    {
        var jets = _shared.Jets;
        for (var a = 0; a < _absorbed.Length; a++)
        for (var b = 0; b <= a; b++)
            Congruent(theta, bordered, jets.Second(_absorbed[a], _absorbed[b]), _products[0]);
        for (var a = 0; a < _absorbed.Length; a++)
            Congruent(theta, bordered, JetLayout.First(_absorbed[a]), _products[a + 1]);
        Unpack(bordered, 0);
        for (var k = 0; k < _own.Length; k++)
        for (var l = 0; l <= k; l++)
            DifferentiateTwice(bordered, k, l);
        Congruent(theta, bordered, 0, _products[0]);
        for (var c = 0; c < _shared.Dense; c++)
            bordered[SharedStructure.Entry(c, c) * jets.Count] += TLanes.Broadcast(1);
        foreach (var (term, parameter, row, column) in _own)
        {
            Differentiate(bordered, JetLayout.First(parameter), _products[0], term, row, column);
            for (var a = 0; a < _absorbed.Length; a++)
                Differentiate(bordered, jets.Second(parameter, _absorbed[a]), _products[a + 1], term, row, column);
        }
    }

    /// <summary>The full matrix of one jet of the entries.</summary>
    private void Unpack(TLanes[] bordered, int jet)
    {
        for (int i = 0, e = jet; i < _size; i++)
        for (var j = 0; j <= i; j++, e += _shared.Jets.Count)
            _full[(i * _size) + j] = _full[(j * _size) + i] = bordered[e];
    }

    /// <summary>T'M T in place of one jet M of the entries, and M T.</summary>
    private void Congruent(TLanes[] theta, TLanes[] bordered, int jet, TLanes[] product)
    {
        Unpack(bordered, jet);
        _full.CopyTo(product, 0);
        for (var row = 0; row < _size; row++)
            MultiplyRight(theta, product, row * _size, 1);
        product.CopyTo(_full, 0);
        for (var column = 0; column < _size; column++)
            MultiplyRight(theta, _full, column, _size);
        for (int i = 0, e = jet; i < _size; i++)
        for (var j = 0; j <= i; j++, e += _shared.Jets.Count)
            bordered[e] = _full[(i * _size) + j];
    }

    /// <summary>v'T in place of a vector v.</summary>
    private void MultiplyRight(TLanes[] theta, TLanes[] matrix, int first, int stride)
    {
        foreach (var term in _shared.DenseTerms)
            for (var at = term.Start; at < term.End; at += term.Effects)
            {
                var parameter = term.FirstParameter;
                for (var b = 0; b < term.Effects; b++)
                {
                    TLanes sum = default;
                    for (var a = b; a < term.Effects; a++)
                        sum = TLanes.AddProduct(sum, matrix[first + ((at + a) * stride)], theta[parameter++]);
                    matrix[first + ((at + b) * stride)] = sum;
                }
            }
    }

    /// <summary>Adds the product's rows of an effect to the rows and columns of another, the derivative in their parameter.</summary>
    private void Differentiate(TLanes[] bordered, int jet, TLanes[] product, DenseTerm term, int row, int column)
    {
        for (var at = term.Start; at < term.End; at += term.Effects)
        for (var c = 0; c < _size; c++)
        {
            var (to, value) = (at + column, product[((at + row) * _size) + c]);
            ref var target = ref bordered[(SharedStructure.Entry(Math.Max(to, c), Math.Min(to, c)) * _shared.Jets.Count) + jet];
            target += to == c ? value + value : value;
        }
    }

    /// <summary>The second derivatives in two parameters.</summary>
    private void DifferentiateTwice(TLanes[] bordered, int k, int l)
    {
        var ((term, parameter, row, column), (other, otherParameter, otherRow, otherColumn)) = (_own[k], _own[l]);
        var jet = _shared.Jets.Second(parameter, otherParameter);
        for (var i = term.Start; i < term.End; i += term.Effects)
        for (var j = other.Start; j < other.End; j += other.Effects)
        {
            var (to, from, value) = (i + column, j + otherColumn, _full[((i + row) * _size) + j + otherRow]);
            ref var target = ref bordered[(SharedStructure.Entry(Math.Max(to, from), Math.Min(to, from)) * _shared.Jets.Count) + jet];
            target += to == from ? value + value : value;
        }
    }
}
