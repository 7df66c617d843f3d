using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Mixed.Structured.Tables;

/// <summary>
/// Vectors in place of the coordinates U of absorbed groups: sums over a class of products of two coordinates of a group are those over the
/// columns of a root of its matrix of such sums, of which there are as many as coordinates, however many groups it has.
/// </summary>
internal sealed class GroupRoots
{
    /// <summary>Pivots this small relative to the diagonal are rounding errors.</summary>
    private const double Rounding = 1e-15;

    private readonly List<double[]> _vectors = [];
    private readonly List<(int Class, int Groups)> _places = [];

    /// <param name="design">The rows.</param>
    /// <param name="effects">The number of absorbed effects.</param>
    public GroupRoots(StructuredDesign design, int effects)
    {
        var (groups, length) = (design.Groups, effects * design.Size);
        var ofClass = new List<int>[groups.Classes];
        for (var k = 0; k < ofClass.Length; k++)
            ofClass[k] = [];
        for (var group = 0; group < groups.Count; group++)
            ofClass[groups.ClassOf[group]].Add(group);
        for (var k = 0; k < ofClass.Length; k++)
            if (ofClass[k].Count <= length)
                foreach (var group in ofClass[k])
                    Add(k, 1, design.Coordinates.AsSpan(group * length, length).ToArray());
            else
                AddRoot(design, k, ofClass[k], length);
    }

    /// <summary>The number of vectors.</summary>
    public int Count => _vectors.Count;

    /// <summary>The class of a vector, and of how many groups it stands for the covariance, which does not depend on U.</summary>
    public (int Class, int Groups) this[int index] => _places[index];

    /// <summary>A vector, effects × size.</summary>
    public ReadOnlySpan<double> Of(int index) => _vectors[index];

    private void Add(int k, int groups, double[] vector)
    {
        _places.Add((k, groups));
        _vectors.Add(vector);
    }

    /// <summary>The columns of the Cholesky factor of Σ U U', which may be singular.</summary>
    private void AddRoot(StructuredDesign design, int k, List<int> groups, int length)
    {
        var sums = new double[length * length];
        foreach (var group in groups)
        {
            var u = design.Coordinates.AsSpan(group * length, length);
            for (var i = 0; i < length; i++)
                FixedOrder.Add(u[i], u, sums.AsSpan(i * length, length));
        }
        for (var j = 0; j < length; j++)
        {
            var (pivot, column) = (sums[(j * length) + j], new double[length]);
            var diagonal = 0.0;
            foreach (var group in groups)
                diagonal += design.Coordinates[(group * length) + j] * design.Coordinates[(group * length) + j];
            if (pivot > Rounding * length * diagonal)
            {
                var root = Math.Sqrt(pivot);
                for (var i = j; i < length; i++)
                    column[i] = sums[(j * length) + i] / root;
                for (var i = j + 1; i < length; i++)
                    FixedOrder.Add(-column[i], column.AsSpan(i, length - i), sums.AsSpan((i * length) + i, length - i));
            }
            Add(k, j == 0 ? groups.Count : 0, column);
        }
    }
}
