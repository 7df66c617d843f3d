using HpcFit.Shared.Failures;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Shared.Tests.Surfaces;

public sealed class SurfaceTests(SurfaceFiles files) : IClassFixture<SurfaceFiles>
{
    [Theory]
    [InlineData("ascii")]
    [InlineData("base64")]
    [InlineData("deflated")]
    [InlineData("big")]
    [InlineData("bigdeflated")]
    [InlineData("float64")]
    [InlineData("columns")]
    public void Every_encoding_is_read_as_nibabel_reads_it(string encoding)
    {
        var surface = Surface.Read(files[encoding + ".surf.gii"]);

        surface.Points.ShouldBe(files.ReadByNibabel[encoding][0]);
        surface.Triangles.Select(vertex => (double)vertex).ShouldBe(files.ReadByNibabel[encoding][1]);
        surface.Points.ShouldBe(Surface.Read(files["base64.surf.gii"]).Points, 1e-6); // text has six decimals
        (surface.Vertices, surface.Faces, surface.Structure).ShouldBe((30, 50, "CortexLeft"));
    }

    [Fact]
    public void A_compressed_file_is_the_same_surface() =>
        Surface.Read(files["whole.surf.gii.gz"]).Points.ShouldBe(Surface.Read(files["base64.surf.gii"]).Points);

    [Theory]
    [InlineData("ascii", "Encoding=\"ASCII\"", "Encoding=\"ExternalFileBinary\"", "in another file", "wb_command -gifti-convert")]
    [InlineData("ascii", "Encoding=\"ASCII\"", "Encoding=\"Rot13\"", "Rot13", "GZipBase64Binary")]
    [InlineData("base64", "Endian=\"LittleEndian\"", "Endian=\"Middle\"", "Middle", "BigEndian")]
    [InlineData("base64", "Dim0=\"30\"", "Dim0=\"31\"", "360 bytes", "372")]
    [InlineData("ascii", "Dim0=\"30\"", "Dim0=\"31\"", "90 numbers", "93")]
    [InlineData("deflated", "Dim0=\"30\"", "Dim0=\"31\"", "360 bytes", "372")]
    [InlineData("deflated", "Dim0=\"30\"", "Dim0=\"29\"", "more than the 348 bytes", "expected")]
    [InlineData("deflated", "Dim0=\"30\"", "Dim0=\"60000000\"", "compressed bytes", "720,000,000")]
    [InlineData("deflated", "Dim0=\"30\"", "Dim0=\"9000000000000000000\"", "Dim0", "9000000000000000000")]
    [InlineData("deflated", "Dim0=\"30\"", "Dim0=\"-1\"", "Dim0", "-1")]
    [InlineData("deflated", "Dim1=\"3\"", "Dim1=\"2\"", "30 x 2", "three numbers")]
    [InlineData("base64", "<Data>", "<Data>!", "base64", "POINTSET")]
    [InlineData("deflated", "<Data>", "<Data>AAAA", "inflated", "POINTSET")]
    [InlineData("base64", "NIFTI_TYPE_FLOAT32", "NIFTI_TYPE_COMPLEX64", "NIFTI_TYPE_COMPLEX64", "NIFTI_TYPE_FLOAT64")]
    [InlineData("base64", "RowMajorOrder", "Shuffled", "Shuffled", "ColumnMajorOrder")]
    [InlineData("ascii", "<GIFTI ", "<GIFTI x=", "damaged", "XML")]
    [InlineData("ascii", "Version=\"1.0\"", "Version=\"2.0\"", "version '2.0'", "version 1")]
    [InlineData("ascii", "NIFTI_INTENT_TRIANGLE", "NIFTI_INTENT_POINTSET", "NIFTI_INTENT_POINTSET, NIFTI_INTENT_POINTSET", "*.surf.gii")]
    [InlineData("ascii", "</DataArray>", "", "XML", "damaged")]
    public void Damage_is_named(string encoding, string part, string replacement, string named, string expected)
    {
        var path = files.Changed(encoding, part, replacement);

        var message = Should.Throw<BadInputException>(() => Surface.Read(path)).Message;

        message.ShouldContain(path);
        message.ShouldContain(named);
        message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("nan", "vertex 0 has the coordinate x")]
    [InlineData("1e999", "vertex 0 has the coordinate x")]
    [InlineData("1,5", "'1,5'")]
    public void Coordinates_are_finite_numbers(string word, string named)
    {
        var text = File.ReadAllText(files["ascii.surf.gii"]);
        var begin = text.IndexOf("<Data>", StringComparison.Ordinal) + "<Data>".Length;
        var first = text[begin..].TrimStart().Split(' ', '\n')[0];

        Should.Throw<BadInputException>(() => Surface.Read(files.Changed("ascii", first, word))).Message.ShouldContain(named);
    }

    [Fact]
    public void Triangles_refer_to_existing_vertices()
    {
        var text = File.ReadAllText(files["ascii.surf.gii"]);
        var triangles = text[text.LastIndexOf("<Data>", StringComparison.Ordinal)..];
        var numbers = triangles[..triangles.IndexOf("</Data>", StringComparison.Ordinal)];

        Should
            .Throw<BadInputException>(() => Surface.Read(files.Changed("ascii", numbers, numbers.TrimEnd()[..^2] + " 30")))
            .Message.ShouldContain("triangle 49 has the vertex 30; the surface has 30 vertices");
    }

    [Fact]
    public void Other_files_are_named()
    {
        File.WriteAllBytes(files["lh.white"], [0xFF, 0xFF, 0xFE, 1, 2, 3]);
        File.WriteAllText(files["page.html"], "<html></html>");
        File.WriteAllText(files["empty"], "");

        Message("lh.white").ShouldContain("mris_convert");
        Message("page.html").ShouldContain("'html'");
        Message("empty").ShouldContain("is empty");
        Message("absent").ShouldContain("There is no file");
        Message("values.shape.gii").ShouldContain("NIFTI_INTENT_SHAPE");
        Message("values.shape.gii").ShouldContain("one array NIFTI_INTENT_TRIANGLE");

        string Message(string name) => Should.Throw<BadInputException>(() => Surface.Read(files[name])).Message;
    }

    [Fact]
    public void Areas_add_up_and_neighbours_share_edges()
    {
        // A square of two triangles in the plane z = 1, and a vertex of its own.
        var square = new Surface("", [0, 0, 1, 3, 0, 1, 3, 2, 1, 0, 2, 1, 9, 9, 9], [0, 1, 2, 0, 2, 3]);
        var neighbours = SurfaceNeighbours.From(square);
        var cross = new double[3];
        square.CrossProduct(0, cross);

        square.VertexAreas().ShouldBe([2, 1, 2, 1, 0]);
        (square.AreaOf(0), square.AreaOf(1)).ShouldBe((3, 3));
        cross.ShouldBe([0, 0, 6]);
        neighbours.Vertices.ShouldBe(5);
        neighbours.Of(0).ToArray().ShouldBe([1, 2, 3]);
        neighbours.Of(1).ToArray().ShouldBe([0, 2]);
        neighbours.Of(3).ToArray().ShouldBe([0, 2]);
        neighbours.Of(4).ToArray().ShouldBeEmpty();
    }

    [Fact]
    public void Triangles_with_a_repeated_vertex_have_no_area_and_no_loop()
    {
        var line = new Surface("", [0, 0, 0, 1, 0, 0], [0, 0, 1]);

        line.VertexAreas().ShouldBe([0, 0]);
        SurfaceNeighbours.From(line).Of(0).ToArray().ShouldBe([1]);
    }
}
