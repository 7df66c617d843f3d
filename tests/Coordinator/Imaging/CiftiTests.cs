using HpcFit.Coordinator.Imaging.Cifti;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Imaging;

/// <summary>Which CIFTI files describe the same positions: what nibabel's axes compare, and no more.</summary>
public sealed class CiftiTests : IDisposable
{
    private static readonly TestCifti Sound = new();
    private readonly ConversionFolder _folder = new(subjects: 0);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, string> Others =>
        new()
        {
            { "6,7,8\"><", "6,7,9\"><", "6 x 7 x 9 cells instead of 6 x 7 x 8" },
            { "90 0 2 0 -126", "90 0 2 0 -120", "3 cell edges" },
            { "MeterExponent=\"-3\"", "MeterExponent=\"-2\"", "cell edges" },
            { "-2 0 0 90", "2 0 0 90", "cell edges" },
            { "SurfaceNumberOfVertices=\"10\"", "SurfaceNumberOfVertices=\"11\"", "vertices of their surfaces" },
            { "3 7<", "3 8<", "their vertices or voxels" },
            { "1 2 3 2 2 3<", "1 2 3 2 2 4<", "their vertices or voxels" },
            { "1 2 3 2 2 3<", "2 2 3 1 2 3<", "their vertices or voxels" },
            { "CORTEX_LEFT", "CORTEX_RIGHT", "number 1 is CIFTI_STRUCTURE_CORTEX_RIGHT" },
        };

    [Theory]
    [MemberData(nameof(Others))]
    public void Files_whose_positions_differ_are_refused(string part, string other, string words) =>
        Refused(Changed(part, other), "row 2", words, "a.dscalar.nii");

    [Theory]
    [InlineData("3 7<", " 3\n\t7 <")]
    [InlineData("-2 0 0 90", "-2.000001 1e-7 0 90.00001")]
    [InlineData("<NamedMap><MapName>m<", "<NamedMap><MapName>another name<")]
    public void Equivalent_descriptions_are_accepted(string part, string other)
    {
        Write(Changed(part, other));
        _folder.Convert();
        _folder.Converted().Scalar("thick").Subjects.ShouldBe(2);
    }

    [Fact]
    public void Metres_and_millimetres_are_converted()
    {
        Write(
            Changed(
                TestCifti.VolumeOf("6,7,8", TestCifti.Matrix),
                TestCifti.VolumeOf("6,7,8", "-0.002 0 0 0.09 0 0.002 0 -0.126 0 0 0.002 -0.072 0 0 0 1", "0")
            )
        );
        _folder.Convert();
    }

    [Fact]
    public void A_volume_matters_only_where_positions_are_voxels()
    {
        var surfaces = new TestCifti
        {
            Models = Sound.Models[..Sound.Models.IndexOf("<BrainModel IndexOffset=\"2\"", StringComparison.Ordinal)],
            Extents = [1, 2],
        };
        Write(
            surfaces.Bytes(),
            new TestCifti
            {
                Models = surfaces.Models,
                Extents = [1, 2],
                Volume = "",
            }.Bytes()
        );
        _folder.Convert();
    }

    [Theory]
    [InlineData("SERIES", "Series by BrainModels")]
    [InlineData("LABELS", "Labels by BrainModels")]
    [InlineData("NOVEL", "Unknown by BrainModels")]
    public void Axes_of_other_kinds_are_reported(string type, string words) => Refused(new TestCifti { FirstType = type }.Bytes(), words);

    [Theory]
    [InlineData(
        "IndexCount=\"2\" BrainStructure=\"CIFTI_STRUCTURE_CORTEX_LEFT\"",
        "IndexCount=\"1000000000\" BrainStructure=\"CIFTI_STRUCTURE_CORTEX_LEFT\"",
        "IndexCount 1000000000 and lists 2"
    )]
    [InlineData("3 7<", "3 10<", "index '10'; a number below 10")]
    [InlineData("3 7<", "3 x<", "index 'x'")]
    [InlineData("1 2 3 2 2 3<", "1 2 3 2 2<", "lists 1.66667")]
    [InlineData("1 2 3 2 2 3<", "1 2 3 2 9 3<", "index '9'; a number below 7")]
    [InlineData("VolumeDimensions", "Dimensions", "Volume")]
    [InlineData("90 0 2 0 -126", "NaN 0 2 0 -126", "affine of 4 x 4")]
    [InlineData("0 0 0 1<", "0 0 1 1<", "affine of 4 x 4")]
    [InlineData("CIFTI_MODEL_TYPE_SURFACE", "CIFTI_MODEL_TYPE_LINE", "ModelType 'CIFTI_MODEL_TYPE_LINE'")]
    [InlineData("AppliesToMatrixDimension=\"1\"", "AppliesToMatrixDimension=\"0\"", "dimension 0 twice")]
    [InlineData("IndexOffset=\"2\"", "IndexOffset=\"3\"", "begins at 3; 2 was expected")]
    [InlineData("Version=\"2\"", "Version=\"1\"", "version '1'")]
    public void Contradictory_descriptions_are_reported(string part, string other, string words) => Refused(Changed(part, other), words);

    [Fact]
    public void Parcels_are_compared_with_their_vertices_voxels_and_surfaces()
    {
        const string parcels =
            """<Surface BrainStructure="L" SurfaceNumberOfVertices="10"/><Parcel Name="V1"><Vertices BrainStructure="L">1 2</Vertices></Parcel><Parcel Name="V2"><VoxelIndicesIJK>1 2 3</VoxelIndicesIJK></Parcel>""";
        byte[] Of(string models, string? volume = null) =>
            new TestCifti
            {
                SecondType = "PARCELS",
                Models = models,
                Volume = volume ?? Sound.Volume,
                Extents = [1, 2],
            }.Bytes();
        foreach (
            var (part, other, words) in ((string, string, string)[])
                [
                    ("V1", "V3", "'V3' instead of 'V1'"),
                    (">1 2<", ">1 3<", "their vertices or voxels"),
                    ("=\"10\"", "=\"11\"", "vertices of their surfaces"),
                    (">1 2 3<", ">1 2 4<", "their vertices or voxels"),
                    (">1 2 3<", ">1 2 3 4<", "three for each voxel"),
                    ("<Surface BrainStructure=\"L\"", "<Surface BrainStructure=\"R\"", "no element Surface"),
                ]
        )
            Refused(Of(parcels), Of(parcels.Replace(part, other, StringComparison.Ordinal)), ".pscalar.nii", words);
        Refused(
            Of(parcels),
            Of(parcels, TestCifti.VolumeOf("6,7,8", "-2 0 0 96 0 2 0 -126 0 0 2 -72 0 0 0 1")),
            ".pscalar.nii",
            "3 cell edges"
        );
        Write(Of(parcels), Of(parcels.Replace(">1 2<", "> 1  2 <", StringComparison.Ordinal)), ".pscalar.nii");
        _folder.Convert();
    }

    [Fact]
    public void The_digest_does_not_depend_on_the_formatting_of_numbers_and_is_as_documented()
    {
        _folder.Write("a.dscalar.nii", Sound.Bytes());
        _folder.Write("b.dscalar.nii", Changed("3 7<", "\n3\n7\n<"));
        var axis = CiftiFile.Read(_folder.Combine("a.dscalar.nii")).Second;
        axis.Digest.ShouldBe(CiftiFile.Read(_folder.Combine("b.dscalar.nii")).Second.Digest);
        var hash = new System.IO.Hashing.XxHash128();
        foreach (var (name, numbers) in ((string, int[])[])[("CORTEX_LEFT", [10, 3, 7]), ("THALAMUS_LEFT", [0, 1, 2, 3, 2, 2, 3])])
        {
            hash.Append(System.Text.Encoding.UTF8.GetBytes($"CIFTI_STRUCTURE_{name}\0"));
            hash.Append(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(numbers));
        }
        axis.Digest.ShouldBe(Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    private static byte[] Changed(string part, string other)
    {
        Sound.Xml.ShouldContain(part);
        string Change(string text) => text.Replace(part, other, StringComparison.Ordinal);
        var changed = new TestCifti
        {
            First = Change(Sound.First),
            Volume = Change(Sound.Volume),
            Models = Change(Sound.Models),
        };
        return changed.Xml == Sound.Xml ? ReplaceInXml(part, other) : changed.Bytes();
    }

    /// <summary>Changes the text around the maps without changing its length.</summary>
    private static byte[] ReplaceInXml(string part, string other)
    {
        other.Length.ShouldBe(part.Length);
        var bytes = Sound.Bytes();
        System.Text.Encoding.UTF8.GetBytes(other).CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(part))));
        return bytes;
    }

    private void Write(byte[] other) => Write(Sound.Bytes(), other);

    private void Write(byte[] first, byte[] second, string ending = ".dscalar.nii")
    {
        _folder.Write("a" + ending, first);
        _folder.Write("b" + ending, second);
        _folder.Cohort("scalar_name,source_file", $"thick,a{ending}", $"thick,b{ending}");
    }

    private void Refused(byte[] other, params string[] words)
    {
        Write(other);
        Refused(words);
    }

    private void Refused(byte[] first, byte[] second, string ending, string words)
    {
        Write(first, second, ending);
        Refused(words);
    }

    private void Refused(params string[] words)
    {
        var message = Should.Throw<BadInputException>(() => _folder.Convert()).Message;
        foreach (var word in words)
            message.ShouldContain(word);
        File.Exists(_folder.Output).ShouldBeFalse();
    }
}
