using HpcFit.Coordinator.Reporting.Surfaces;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>A picture of a surface with the row of the analysis at each pixel.</summary>
/// <param name="Title">Structure and side, for readers.</param>
/// <param name="Camera">Where the viewer is.</param>
/// <param name="Frame">Size and scale.</param>
/// <param name="Codes">
/// For each pixel, from the top left: <see cref="Outside"/>, <see cref="WithoutElement"/>, or <see cref="FirstRow"/> plus the row.
/// </param>
/// <param name="Shades">For each pixel, how much the surface faces the viewer: 255 fully.</param>
internal sealed record SurfaceView(string Title, SurfaceCamera Camera, PictureFrame Frame, int[] Codes, byte[] Shades)
{
    /// <summary>The code of a pixel without a surface.</summary>
    public const int Outside = 0;

    /// <summary>The code of a part of the surface that is no element, such as the medial wall.</summary>
    public const int WithoutElement = 1;

    /// <summary>The code of row 0.</summary>
    public const int FirstRow = 2;

    /// <summary>Steps of the shades: finer ones cannot be seen and compress less.</summary>
    private const int ShadeStep = 4;

    private const string Prefix = "CIFTI_STRUCTURE_";

    /// <summary>Draws a surface.</summary>
    /// <param name="surface">The surface.</param>
    /// <param name="rowOf">The row of each vertex; negative: none.</param>
    /// <param name="structure">Its structure.</param>
    /// <param name="side">The side in words: lateral or medial.</param>
    /// <param name="camera">The side from which it is seen.</param>
    /// <param name="frame">Size and scale.</param>
    public static SurfaceView Draw(Surface surface, int[] rowOf, string structure, string side, SurfaceCamera camera, PictureFrame frame)
    {
        var picture = SurfacePicture.Draw(surface, camera, frame);
        return new(
            $"{Words(structure)}, {side}",
            camera,
            frame,
            Array.ConvertAll(
                picture.Vertices,
                vertex =>
                    vertex == SurfacePicture.Outside ? Outside
                    : rowOf[vertex] < 0 ? WithoutElement
                    : FirstRow + rowOf[vertex]
            ),
            Array.ConvertAll(picture.Shades, shade => (byte)(shade / ShadeStep * ShadeStep))
        );
    }

    /// <summary><c>Left cortex</c> for <c>CIFTI_STRUCTURE_CORTEX_LEFT</c>.</summary>
    private static string Words(string structure)
    {
        var words = (structure.StartsWith(Prefix, StringComparison.Ordinal) ? structure[Prefix.Length..] : structure)
            .ToLowerInvariant()
            .Split('_');
        var text = words is [.. var names, "left" or "right"] ? $"{words[^1]} {string.Join(' ', names)}" : string.Join(' ', words);
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
