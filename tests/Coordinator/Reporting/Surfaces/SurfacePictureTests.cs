using HpcFit.Coordinator.Reporting.Surfaces;
using HpcFit.Shared.Surfaces;
using HpcFit.Tests;

namespace HpcFit.Coordinator.Tests.Reporting.Surfaces;

public sealed class SurfacePictureTests
{
    /// <summary>A box of 60 x 100 x 50 mm around the origin: vertex 0 is left, back, bottom; bits 1, 2, 4 are right, front, top.</summary>
    private static readonly Surface Box = new(
        "",
        [.. Enumerable.Range(0, 8).SelectMany(v => (double[])[(v & 1) * 60 - 30, (v >> 1 & 1) * 100 - 50, (v >> 2) * 50 - 25])],
        [0, 2, 1, 1, 2, 3, 4, 5, 6, 5, 7, 6, 0, 1, 4, 1, 5, 4, 2, 6, 3, 3, 6, 7, 0, 4, 2, 2, 4, 6, 1, 3, 5, 3, 7, 5]
    );

    [Theory]
    [InlineData(false, 6, 4, 2, 0)] // from the left: the front is on the left, and only left vertices are seen
    [InlineData(true, 5, 7, 1, 3)]
    public void Corners_are_where_a_viewer_sees_them(bool isOnRight, int topLeft, int topRight, int bottomLeft, int bottomRight)
    {
        var frame = PictureFrame.Around([Box]);

        var picture = SurfacePicture.Draw(Box, new(isOnRight), frame);

        (frame.Width, frame.Height).ShouldBe((600, 300));
        At(0.1, 0.1).ShouldBe(topLeft);
        At(0.9, 0.1).ShouldBe(topRight);
        At(0.1, 0.9).ShouldBe(bottomLeft);
        At(0.9, 0.9).ShouldBe(bottomRight);
        picture.Vertices[0].ShouldBe(SurfacePicture.Outside);
        picture.Vertices.Distinct().Count(vertex => vertex >= 0).ShouldBe(4);

        int At(double x, double y) => picture.Vertices[((int)(y * frame.Height) * frame.Width) + (int)(x * frame.Width)];
    }

    [Fact]
    public void A_surface_that_faces_the_viewer_is_light()
    {
        var square = new Surface("", [0, 0, 0, 0, 10, 0, 0, 10, 10, 0, 0, 10], [0, 1, 2, 0, 2, 3]);
        var frame = PictureFrame.Around([square]);
        var picture = SurfacePicture.Draw(square, new(IsOnRight: true), frame);

        picture.Shades[(frame.Height / 2 * frame.Width) + (frame.Width / 2)].ShouldBe(byte.MaxValue);
    }

    [Theory]
    [InlineData(0, 0)] // all vertices at one point
    [InlineData(0.001, 4)]
    [InlineData(1e30, 4)]
    public void Surfaces_of_any_size_are_drawn(double scale, int seen)
    {
        var surface = new Surface("", [.. Box.Points.Select(point => point * scale)], Box.Triangles);

        var picture = SurfacePicture.Draw(surface, new(IsOnRight: true), PictureFrame.Around([surface]));

        picture.Vertices.Distinct().Count(vertex => vertex >= 0).ShouldBe(seen);
    }

    [Fact]
    public void A_picture_is_read_as_it_was_written()
    {
        var folder = Directory.CreateTempSubdirectory("hpcfit-png-").FullName;
        try
        {
            byte[] colours = [.. Enumerable.Range(0, 3 * 7 * 5).Select(number => (byte)(number * 37))];
            File.WriteAllBytes(Path.Combine(folder, "a.png"), PngImage.Encode(7, 5, colours));

            // The filter "up" is undone here: Debian's python3 has zlib, and no reader of PNG.
            const string Script = """
                import struct, sys, zlib
                data = open(sys.argv[1], 'rb').read()
                assert data[:8] == b'\x89PNG\r\n\x1a\n'
                at, parts = 8, {}
                while at < len(data):
                    size, kind = struct.unpack('>I4s', data[at:at + 8])
                    body = data[at + 8:at + 8 + size]
                    assert struct.unpack('>I', data[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + body)
                    parts[kind] = body
                    at += 12 + size
                assert list(parts) == [b'IHDR', b'IDAT', b'IEND']
                width, height = struct.unpack('>II', parts[b'IHDR'][:8])
                assert parts[b'IHDR'][8:] == bytes([8, 2, 0, 0, 0])
                rows, above = zlib.decompress(parts[b'IDAT']), bytes(3 * width)
                for row in range(height):
                    line = rows[row * (3 * width + 1):(row + 1) * (3 * width + 1)]
                    assert line[0] == 2
                    above = bytes((one + other) % 256 for one, other in zip(line[1:], above))
                    print(' '.join(map(str, above)))
                """;
            var end = PythonScript.Run(Script, Path.Combine(folder, "a.png"));
            end.ExitCode.ShouldBe(0, end.Errors);
            end.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(byte.Parse).ShouldBe(colours);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
