using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Reporting.Surfaces;

/// <summary>
/// A surface seen from one side: for each pixel the nearest vertex of the foremost triangle, and how much the surface faces the viewer.
/// Rows of pixels are from top to bottom.
/// </summary>
internal sealed class SurfacePicture
{
    /// <summary>Instead of a vertex, where there is no surface.</summary>
    public const int Outside = -1;

    private readonly Surface _surface;
    private readonly double[] _facing;
    private readonly float[] _depths;
    private readonly double[] _across;
    private readonly double[] _down;
    private readonly SurfaceCamera _camera;

    private SurfacePicture(Surface surface, SurfaceCamera camera, PictureFrame frame)
    {
        (_surface, _camera, Frame) = (surface, camera, frame);
        Vertices = new int[frame.Width * frame.Height];
        Shades = new byte[Vertices.Length];
        _depths = new float[Vertices.Length];
        Array.Fill(Vertices, Outside);
        Array.Fill(_depths, float.NegativeInfinity);
        _facing = Facing(surface);
        (_across, _down) = (Project(axis: 1, camera.AcrossPerFront, frame.Width), Project(axis: 2, -1, frame.Height));
    }

    /// <summary>Size and scale.</summary>
    public PictureFrame Frame { get; }

    /// <summary>The vertex of each pixel, or <see cref="Outside"/>.</summary>
    public int[] Vertices { get; }

    /// <summary>The light of each pixel: 255 where the surface faces the viewer, 0 where it is seen from its edge.</summary>
    public byte[] Shades { get; }

    /// <summary>Draws a surface.</summary>
    public static SurfacePicture Draw(Surface surface, SurfaceCamera camera, PictureFrame frame)
    {
        var picture = new SurfacePicture(surface, camera, frame);
        for (var face = 0; face < surface.Faces; face++)
            picture.DrawTriangle(surface.Triangles[3 * face], surface.Triangles[(3 * face) + 1], surface.Triangles[(3 * face) + 2]);
        return picture;
    }

    /// <summary>Positions in pixels along one side of the picture; the middle of the surface is in the middle.</summary>
    private double[] Project(int axis, double direction, int pixels)
    {
        var (least, greatest) = PictureFrame.Range(_surface, axis);
        var (middle, scale) = ((least + greatest) / 2, direction * Frame.PixelsPerMillimetre);
        var positions = new double[_surface.Vertices];
        for (var vertex = 0; vertex < positions.Length; vertex++)
            positions[vertex] = (pixels / 2.0) + (scale * (_surface.Points[(3 * vertex) + axis] - middle));
        return positions;
    }

    /// <summary>For each vertex the absolute cosine of the angle between its normal (from its triangles) and the line of sight.</summary>
    private static double[] Facing(Surface surface)
    {
        var normals = new double[surface.Points.Length];
        Span<double> cross = stackalloc double[3];
        for (var face = 0; face < surface.Faces; face++)
        {
            surface.CrossProduct(face, cross);
            foreach (var vertex in surface.Triangles.AsSpan(3 * face, 3))
            {
                for (var axis = 0; axis < 3; axis++)
                    normals[(3 * vertex) + axis] += cross[axis];
            }
        }
        var facing = new double[surface.Vertices];
        for (var vertex = 0; vertex < facing.Length; vertex++)
        {
            var (x, y, z) = (normals[3 * vertex], normals[(3 * vertex) + 1], normals[(3 * vertex) + 2]);
            var length = Math.Sqrt((x * x) + (y * y) + (z * z));
            facing[vertex] = length > 0 ? Math.Abs(x) / length : 0;
        }
        return facing;
    }

    private void DrawTriangle(int a, int b, int c)
    {
        var area = Cross(a, b, _across[c], _down[c]);
        if (!(Math.Abs(area) > 0))
            return; // seen from its edge
        var (left, right) = Pixels(_across[a], _across[b], _across[c], Frame.Width);
        var (top, bottom) = Pixels(_down[a], _down[b], _down[c], Frame.Height);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                // The shares of the three vertices at the middle of the pixel: barycentric coordinates.
                var (px, py) = (x + 0.5, y + 0.5);
                var (ofA, ofB) = (Cross(b, c, px, py) / area, Cross(c, a, px, py) / area);
                var ofC = 1 - ofA - ofB;
                if (ofA >= 0 && ofB >= 0 && ofC >= 0)
                    DrawPixel((y * Frame.Width) + x, (a, ofA), (b, ofB), (c, ofC));
            }
        }
    }

    private void DrawPixel(int pixel, (int Vertex, double Share) a, (int Vertex, double Share) b, (int Vertex, double Share) c)
    {
        var depth = (float)((a.Share * Towards(a.Vertex)) + (b.Share * Towards(b.Vertex)) + (c.Share * Towards(c.Vertex)));
        if (depth <= _depths[pixel])
            return;
        _depths[pixel] = depth;
        var nearest = a.Share >= b.Share ? a : b;
        Vertices[pixel] = (nearest.Share >= c.Share ? nearest : c).Vertex;
        var facing = (a.Share * _facing[a.Vertex]) + (b.Share * _facing[b.Vertex]) + (c.Share * _facing[c.Vertex]);
        Shades[pixel] = (byte)Math.Round(byte.MaxValue * Math.Clamp(facing, 0, 1));
    }

    private double Towards(int vertex) => _camera.Towards(_surface.Points[3 * vertex]);

    /// <summary>Twice the signed area of the triangle of two vertices and a point of the picture.</summary>
    private double Cross(int one, int other, double x, double y) =>
        ((_across[other] - _across[one]) * (y - _down[one])) - ((_down[other] - _down[one]) * (x - _across[one]));

    /// <summary>The pixels that a triangle may cover along one side of the picture.</summary>
    private static (int First, int Last) Pixels(double a, double b, double c, int count) =>
        (
            (int)Math.Clamp(Math.Floor(Math.Min(a, Math.Min(b, c)) - 0.5), 0, count - 1),
            (int)Math.Clamp(Math.Ceiling(Math.Max(a, Math.Max(b, c)) - 0.5), 0, count - 1)
        );
}
