using HpcFit.Shared.Surfaces;

namespace HpcFit.Worker.Enhancing.Neighbourhoods;

/// <summary>
/// The neighbours of elements of which some are vertices of surfaces and the others voxels. Vertices are adjacent along the edges of their
/// surface's triangles and have their area as size; voxels have the size 1, and are adjacent whatever structures they belong to.
/// </summary>
internal sealed class GreyordinateNeighbours
{
    private readonly List<int>[] _others;
    private readonly double[] _sizes;

    /// <summary>Begins with elements that have no neighbours.</summary>
    public GreyordinateNeighbours(int elements)
    {
        _others = [.. Enumerable.Range(0, elements).Select(_ => new List<int>())];
        _sizes = [.. Enumerable.Repeat(1.0, elements)];
    }

    /// <summary>Adds the vertices of a surface.</summary>
    /// <param name="surface">The surface.</param>
    /// <param name="elements">The elements that are vertices of it.</param>
    /// <param name="vertices">The vertex of each of them; vertices of the surface, each at most once.</param>
    public void Add(Surface surface, IReadOnlyList<int> elements, IReadOnlyList<int> vertices)
    {
        var elementOf = new int[surface.Vertices];
        Array.Fill(elementOf, -1);
        foreach (var (element, vertex) in elements.Zip(vertices))
            elementOf[vertex] = element;
        var (neighbours, areas) = (SurfaceNeighbours.From(surface), surface.VertexAreas());
        foreach (var (element, vertex) in elements.Zip(vertices))
        {
            _sizes[element] = areas[vertex];
            foreach (var other in neighbours.Of(vertex))
            {
                if (elementOf[other] >= 0)
                    _others[element].Add(elementOf[other]);
            }
        }
    }

    /// <summary>Adds voxels.</summary>
    /// <param name="cells">Their cells.</param>
    /// <param name="elements">The element of each voxel.</param>
    /// <param name="contact">What adjacent voxels share.</param>
    public void Add(VoxelCells cells, IReadOnlyList<int> elements, VoxelContact contact)
    {
        var neighbours = cells.FindNeighbours(contact);
        for (var voxel = 0; voxel < cells.Count; voxel++)
        {
            foreach (var other in neighbours.Of(voxel))
                _others[elements[voxel]].Add(elements[other]);
        }
    }

    /// <summary>The neighbours of all elements.</summary>
    public Neighbours ToNeighbours()
    {
        var starts = new int[_others.Length + 1];
        for (var element = 0; element < _others.Length; element++)
        {
            _others[element].Sort();
            starts[element + 1] = starts[element] + _others[element].Count;
        }
        return new(starts, [.. _others.SelectMany(others => others)], _sizes);
    }
}
